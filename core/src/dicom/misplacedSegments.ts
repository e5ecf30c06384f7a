import { collectOrgans, misplacedOrgans } from '../measurement';
import { RefusedInputError } from '../types';
import type { DecodedSegmentation } from './segmentation/decodeSegmentation';

/**
 * Refuses a segmentation of other software whose names, or what the reader took its segments for, contradict their places in
 * the patient. A result of ours is not refused, since it holds the reader's work: `measure` voids its numbers.
 *
 * @throws RefusedInputError `laterality-wrong`, `organs-exchanged`
 */
export function refuseMisplaced({ labels, organs, segmentLabels }: DecodedSegmentation): void {
  const found = misplacedOrgans(labels, collectOrgans(labels), ({ ear, organ }) => {
    const stored = [...organs].flatMap(([number, segment]) =>
      segment.ear === ear && segment.organ === organ
        ? [`segment ${number} "${segmentLabels[number] ?? ''}"`]
        : []
    );
    return `${stored.join(' and ')}, taken as the ${ear} ${organ},`;
  });
  if (!found) return;
  throw new RefusedInputError(
    found.code,
    `The segmentation contradicts the patient's anatomy and is not measured. ${found.message}`,
    'In the panel, open Segments below this segmentation and say which organ each segment is. If they are right as they are, ' +
      'the images or the segmentation have lost their orientation: look at both before measuring.',
    found.values
  );
}
