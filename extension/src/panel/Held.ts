/** Id of the words that say why nothing can be changed; they stand beside the progress, in sight. */
export const HELD_ID = 'held-back';
