/** What looks into stored files: a part of its own, with dcmjs, that is loaded where one is read. */
export const storedFiles = () => import('@inner-ear-hydrops/core/dicom/stored');
