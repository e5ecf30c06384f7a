export * from './alignToMrc';
export type { PlacedPei } from './findMovement';
