/** The commands that the session carries out; the entry offers them before the session's file is there. */
export const SESSION_COMMANDS = [
  'computeHydrops',
  'cancelHydrops',
  'createHydropsMi2',
  'setSeriesRole',
  'resetSeriesRole',
  'setHydropsMethod',
  'resetHydropsMethod',
  'setEarCenter',
  'showEarCrops',
  'setRepresentativeSlice',
  'resetRepresentativeSlice',
  'goToOrgan',
  'restoreHydropsLayout',
  'saveHydropsResults',
  'setSavePart',
  'cancelSaving',
  'saveUnsavedResult',
  'restoreUnsavedResult',
  'discardUnsavedResult',
  'setReaderField',
  'useSegmentationAsRoi',
  'assignSegment',
  'exportHydropsReport',
  'loadHydropsResults',
  'downloadHydropsResults',
  'setHydropsBrushRadius',
  'changeHydropsBrushRadius',
  'resetHydropsSegmentation',
] as const;
export type SessionCommand = (typeof SESSION_COMMANDS)[number];

/** One options object, or none; what goes wrong is told in the state's `problem`. */
export type Command = (options?: Record<string, unknown>) => unknown;
