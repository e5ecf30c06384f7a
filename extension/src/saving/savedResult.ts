import type { EncodableResult } from '../result/ResultEncoder';
import type { OpenResult } from '../result/OpenResult';

/** What is stored and kept of a result. */
export type SavedResult = EncodableResult & Pick<OpenResult, 'hasChosenSlices' | 'isSettled'>;
