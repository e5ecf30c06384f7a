import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the files of a test file, or of a `describe`; it is removed after them. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hydrops-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
