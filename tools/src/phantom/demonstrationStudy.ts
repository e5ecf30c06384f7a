import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deriveUid, type EncodedObject } from '@inner-ear-hydrops/core/dicom';
import { createCase, paperGrid, simulateStudy } from '@inner-ear-hydrops/phantom';
import { parseInstance, type InstanceStore } from '../archive';
import { encodePhantomStudy } from './phantomDicom';
import { realEarStudy } from './realEar';

/** To be raised whenever the phantom's or the encoder's output changes: a store keeps the old study. */
const DEMONSTRATION_VERSION = 2;
const SEED = 20260115;

export interface DemonstrationOptions {
  realEar: boolean;
  /** Hears what takes time. */
  say?: (message: string) => void;
}

/**
 * Puts the demonstration study into a store, once: it is found again at the next start.
 * @returns its Study Instance UID.
 * @throws CommandError when the real ear is asked for and not there.
 */
export async function addDemonstrationStudy(
  store: InstanceStore,
  options: DemonstrationOptions
): Promise<string> {
  const key = `${options.realEar ? 'real-ear' : 'demonstration'}-${DEMONSTRATION_VERSION}`;
  const studyInstanceUid = deriveUid('phantom-study', key);
  // Written last: a start that was interrupted leaves it out, and the study is completed.
  const complete = join(store.directory, `${key}.complete`);
  if (existsSync(complete) && store.list({ studyInstanceUid }).length > 0) return studyInstanceUid;
  options.say?.('Making the demonstration study …');
  for (const object of demonstrationObjects(options.realEar, key)) {
    const file = new Uint8Array(object.file);
    await store.add(parseInstance(file), file);
  }
  await writeFile(complete, `${studyInstanceUid}\n`);
  return studyInstanceUid;
}

/** The DICOM files of the demonstration study, or of the study around the real ear. */
function demonstrationObjects(realEar: boolean, key: string): EncodedObject[] {
  const name = realEar ? 'Real ear' : 'Demonstration';
  const study = realEar ? realEarStudy(SEED) : simulateStudy(demonstrationCase());
  return encodePhantomStudy(study, {
    key,
    givenName: name,
    patientId: key.toUpperCase(),
    studyDescription: `Inner ear MRI, ${name.toLowerCase()} phantom (synthetic)`,
  });
}

/** A clear case: hydrops on the left, a normal right ear, the paper's grid, a head held a little askew. */
function demonstrationCase() {
  const { size, spacing, direction } = paperGrid(48);
  return createCase(SEED, {
    hydrops: { left: { cochlea: 0.6, vestibule: 0.75 }, right: { cochlea: 0.1, vestibule: 0.05 } },
    gadolinium: 0.1,
    noise: 0.015,
    grid: { size, spacing, direction },
    tilt: [6, 2, -3],
    position: [1, -3, 0],
    // CSF near the top of the reader's usual window on MRC, level 400 and width 1000.
    acquisition: { scale: { mrc: 850, ppi: 850, pei: 850 } },
  });
}
