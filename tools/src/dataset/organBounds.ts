/** mm³: no organ is larger. All fluid of an inner ear is 200–250 mm³ (literature). */
export const LARGEST_ORGAN = 400;

/**
 * mm²: a section through the thinnest part, the basal turn with its lumen of 2.1 mm (literature), is a disc of 3.5 mm².
 * What a reader drew on a slice and is smaller is a stray dab.
 */
export const LEAST_SECTION = 3;
