import { measurementJson, summaryCsv } from '@inner-ear-hydrops/core';
import { possibleParts } from '@inner-ear-hydrops/core/dicom';
import { SAVE_ORDER, type SaveParts } from '../state/saveParts';
import { downloadZip } from './download';
import type { OpenResult } from './OpenResult';
import type { ResultEncoder } from './ResultEncoder';

/** One zip with the measurement, as JSON and as a table, and the same files as are saved, as far as the study allows them. */
export async function downloadResult(
  encoder: Pick<ResultEncoder, 'take' | 'encode'>,
  result: OpenResult,
  saveParts: SaveParts
): Promise<void> {
  const taken = await encoder.take(result);
  const mrc = result.input.read.mrc?.series.header;
  if (!mrc) throw new Error('A result needs the MRC series that it belongs to.');
  const chosen = SAVE_ORDER.filter((part) => saveParts[part]);
  const files: Record<string, Uint8Array> = {
    'measurement.json': new TextEncoder().encode(measurementJson(taken.measurement)),
    'summary.csv': new TextEncoder().encode(summaryCsv(taken.measurement)),
  };
  const parts = possibleParts(mrc, chosen.length > 0 ? chosen : ['segmentation', 'report']);
  for await (const { part, objects } of encoder.encode(taken, parts)) {
    for (const [index, { file }] of objects.entries()) {
      const name =
        objects.length > 1 ? `${part}/${String(index + 1).padStart(4, '0')}.dcm` : `${part}.dcm`;
      files[name] = new Uint8Array(file);
    }
  }
  const stamp = taken.created.toISOString().slice(0, 16).replace(/[:T]/g, '-');
  downloadZip(`inner-ear-hydrops-${stamp}.zip`, files);
}
