export {
  centredOrigin,
  createCase,
  paperGrid,
  type Acquisition,
  type CaseOverrides,
  type Motion,
  type PhantomCase,
} from './case';
export { createCohortCase, type CohortOptions } from './cohort';
export type { EarParameters } from './ear/earParameters';
export type { HeadParameters } from './head/headParameters';
export { createRandom, type Random } from './random';
export { contrastOf, FLUIDS, PAPER_PROTOCOL, withGadolinium, type Contrast } from './signal';
export {
  simulateMrc,
  simulateStudy,
  type Landmarks,
  type PhantomStudy,
  type PhantomTruth,
  type SimulateMrcOptions,
} from './simulate';
export { buildStudyAroundEar, type RealEarInput } from './realEar/buildStudyAroundEar';
