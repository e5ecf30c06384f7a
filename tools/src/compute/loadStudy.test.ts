import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Role } from '@inner-ear-hydrops/core';
import { encodeMrSeries } from '@inner-ear-hydrops/core/dicom';
import { loadStudy } from './loadStudy';
import { temporaryFolder } from '../../../test/support/temporaryFolder';

const folder = temporaryFolder();
const uids: Record<string, string> = {};

/** MRC, PPI and PEI as they are acquired, then MRC once more since the patient had moved. */
beforeAll(async () => {
  await writeSeries('first', 'MRC hT2w', 3, '10:00', null);
  await writeSeries('ppi', 'PPI hT2w FLAIR', 4, '10:08', 2250);
  await writeSeries('pei', 'PEI hT2w IR', 5, '10:16', 2050);
  await writeSeries('again', 'MRC hT2w', 6, '10:24', null);
});

async function writeSeries(
  name: string,
  description: string,
  seriesNumber: number,
  time: string,
  inversionTime: number | null
): Promise<void> {
  const objects = encodeMrSeries({
    kind: 'original',
    volume: {
      size: [12, 10, 8],
      spacing: [0.5, 0.5, 1],
      origin: [0, 0, 0],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      data: new Float32Array(12 * 10 * 8).fill(seriesNumber),
    },
    template: {
      StudyInstanceUID: '2.25.1',
      FrameOfReferenceUID: '2.25.2',
      PatientID: 'P1',
      PatientName: 'Test^P1',
      StudyDate: '20260101',
      StudyTime: '095500',
    },
    description,
    seriesNumber,
    imageType: ['ORIGINAL', 'PRIMARY', 'M', 'ND'],
    scaling: { kind: 'unsigned-12-bit' },
    acquisition: {
      scanningSequence: inversionTime === null ? ['SE'] : ['SE', 'IR'],
      sequenceVariant: ['SK'],
      repetitionTime: 9000,
      echoTime: 540,
      ...(inversionTime === null ? {} : { inversionTime }),
    },
    window: { center: 400, width: 1000 },
    created: new Date(`2026-01-01T${time}:00`),
  });
  uids[name] = String(objects[0]!.dataset.SeriesInstanceUID);
  for (const [n, object] of objects.entries())
    await writeFile(path.join(folder, `${name}-${n}.dcm`), new Uint8Array(object.file));
}

const load = (roles: Partial<Record<Role, string>> = {}) =>
  loadStudy([folder], { roles, method: 'hydrops-mi2' });

test('of MRC acquired twice the later series is measured, and the result says so', async () => {
  const { series, warnings } = await load();
  expect(series.mrc?.header.seriesInstanceUid).toBe(uids.again);
  expect(series.mrc?.volume.data[0]).toBe(6);
  expect(warnings.map(({ code, values }) => [code, values?.role])).toEqual([
    ['series-repeated', 'mrc'],
  ]);
  expect(warnings[0]!.message).toContain('Series 6 "MRC hT2w" and series 3 "MRC hT2w"');
});

test('--roles takes the other, without a warning', async () => {
  const { series, warnings } = await load({ mrc: uids.first });
  expect(series.mrc?.header.seriesInstanceUid).toBe(uids.first);
  expect(warnings).toEqual([]);
});
