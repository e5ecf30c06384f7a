import type { NaturalizedDataset } from 'dcmjs';
import type { EarFinding } from '../../study';
import type { RatiosOfOrgans, SliceChoices } from '../../measurement';
import type { MaskOrigins } from '../../measurement/maskOrigin';
import type { MaskOrigin, ModelIdentity, Series } from '../../types';
import { imageName, imagesOf } from '../../volume/imageName';
import { SOFTWARE_NAME } from '../encode/modules';
import { personName } from '../encode/part10';
import { items, text } from '../encode/read';
import { placementOf, type StoredGroups } from './framePlacements';
import { matchSegment } from './matchSegment';
import {
  findingsOf,
  readConfidence,
  readModel,
  readProvenance,
  readRatiosSentence,
  readSliceSentence,
  type NamedSlice,
  type Provenance,
  type StatedConfidence,
} from './standardState';

/** What the standard attributes of a segmentation of this software say of its result. */
export interface StandardState {
  /** Null in objects of earlier versions, and where an archive removed it. */
  provenance: Provenance | null;
  /** False where series have other UIDs than the text names: they were changed on the way. */
  namesSeries: boolean;
  model: ModelIdentity | null;
  ears: EarFinding[];
  origins: MaskOrigins;
  /** What edited regions gave before. */
  automaticRatios: RatiosOfOrgans;
  /** Slices k that the reader chose, and those that the rules had chosen. */
  slices: { chosen: SliceChoices; automatic: SliceChoices };
  reader: string | null;
  edited: boolean;
}

const ORIGIN: Record<string, MaskOrigin> = {
  AUTOMATIC: 'automatic',
  SEMIAUTOMATIC: 'edited',
  MANUAL: 'drawn',
};

/** @param dataset standard attributes by name, text decoded */
export function readStandardState(
  dataset: NaturalizedDataset,
  groups: StoredGroups,
  mrc: Series
): StandardState {
  const contribution = items(dataset.ContributingEquipmentSequence)
    .map((item) => text(item.ContributionDescription))
    .find((description) => readProvenance(description));
  const provenance = contribution === undefined ? null : readProvenance(contribution);
  const slices: StandardState['slices'] = { chosen: {}, automatic: {} };
  const origins: MaskOrigins = {};
  const automaticRatios: RatiosOfOrgans = {};
  const stated: Parameters<typeof findingsOf>[1] = {};
  let model: ModelIdentity | null = contribution === undefined ? null : readModel(contribution);
  for (const item of items(dataset.SegmentSequence)) {
    const segment = matchSegment(item);
    if (!segment) continue;
    const { ear, organ } = segment;
    const algorithm = items(item.SegmentationAlgorithmIdentificationSequence)[0] ?? {};
    const parameters = text(algorithm.AlgorithmParameters);
    model ??= readModel(parameters);
    const confidence = readConfidence(parameters);
    if (confidence)
      stated[ear] = { ...stated[ear], [organ]: confidence satisfies StatedConfidence };
    const origin = ORIGIN[text(item.SegmentAlgorithmType)];
    if (origin) origins[ear] = { ...origins[ear], [organ]: origin };
    const description = text(item.SegmentDescription);
    const before = readRatiosSentence(description);
    if (before) automaticRatios[ear] = { ...automaticRatios[ear], [organ]: before };
    const described = readSliceSentence(description);
    if (!described) continue;
    const at = sliceOf(described, groups, mrc);
    const isReaders = described.chosenBy === 'reader';
    if (isReaders && at >= 0) slices.chosen[ear] = { ...slices.chosen[ear], [organ]: at };
    const byRules = isReaders
      ? described.automatic
        ? sliceOf(described.automatic, groups, mrc)
        : -1
      : at;
    if (byRules >= 0) slices.automatic[ear] = { ...slices.automatic[ear], [organ]: byRules };
  }
  const choices = provenance?.choices;
  const isChosen = [choices?.method, ...Object.values({ ...choices?.roles, ...choices?.ears })];
  const creator = personName(dataset.ContentCreatorName);
  return {
    provenance,
    namesSeries: referencedSeries(dataset).includes(provenance?.series.mrc ?? ''),
    model,
    ears: provenance ? findingsOf(provenance, stated) : [],
    origins,
    automaticRatios,
    slices,
    reader: creator === '' || creator === SOFTWARE_NAME.replace(/ /g, '^') ? null : creator,
    edited: isChosen.includes('reader') || Object.keys(slices.chosen).length > 0,
  };
}

const referencedSeries = (dataset: NaturalizedDataset): string[] =>
  items(dataset.ReferencedSeriesSequence).map((item) => text(item.SeriesInstanceUID));

/** Slice k: where the frame lies that is named, else the one image of that name; -1 where neither is there. */
function sliceOf({ frame, name }: NamedSlice, groups: StoredGroups, mrc: Series): number {
  const group = frame === null ? undefined : groups.perFrame[frame - 1];
  const at = group ? placementOf(group, groups, mrc).start[2] : -1;
  if (at >= 0 && at < mrc.volume.size[2]) return at;
  const called = imagesOf(mrc).flatMap((image, k) => (imageName(image) === name ? [k] : []));
  return called.length === 1 ? called[0]! : -1;
}
