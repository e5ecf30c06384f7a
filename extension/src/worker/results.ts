// What writes and reads stored results: a part of the worker that is loaded where one is.
export { encodeResult, restoreResult, storedMethod } from '@inner-ear-hydrops/core/dicom';
