import { collectOrgans, misplacedOrgans, type MaskOrigins, type NameOfOrgan } from '../measurement';
import { RefusedInputError } from '../types';
import type { DecodedSegmentation } from './segmentation/decodeSegmentation';

/**
 * Refuses a region that people or other software named, where sides or organs contradict its place in the patient. A
 * network's own region is not judged, nor one that was edited from it.
 *
 * @param origins of a stored result's regions
 * @throws RefusedInputError `laterality-wrong`, `organs-exchanged`
 */
export function refuseMisplaced(decoded: DecodedSegmentation, origins: MaskOrigins): void {
  const { labels, isOurs } = decoded;
  const organs = collectOrgans(labels);
  const isDrawn = organs.some(({ ear, organ }) => origins[ear]?.[organ] === 'drawn');
  if (isOurs && !isDrawn) return;
  const found = misplacedOrgans(labels, organs, isOurs ? undefined : nameIn(decoded));
  if (!found) return;
  throw new RefusedInputError(
    found.code,
    `${isOurs ? 'The stored result' : 'The segmentation'} contradicts the patient's anatomy and is not measured. ${found.message}`,
    isOurs
      ? 'Compute the study again, or take the other software’s segmentation as ROI again, with its segments assigned otherwise.'
      : 'In the panel, open Segments below this segmentation and say which organ each segment is. If they are right as they are, ' +
          'the images or the segmentation have lost their orientation: look at both before measuring.',
    found.values
  );
}

/** `segment 2 "Region B", taken as the left vestibule,`. */
function nameIn({ organs, segmentLabels }: DecodedSegmentation): NameOfOrgan {
  return ({ ear, organ }) => {
    const stored = [...organs].flatMap(([number, segment]) =>
      segment.ear === ear && segment.organ === organ
        ? [`segment ${number} "${segmentLabels[number] ?? ''}"`]
        : []
    );
    return `${stored.join(' and ')}, taken as the ${ear} ${organ},`;
  };
}
