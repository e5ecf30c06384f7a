import { readFileSync } from 'node:fs';
import path from 'node:path';
import { modelIdentity, parseManifest } from './manifest';

const shipped = JSON.parse(
  readFileSync(path.join(__dirname, '../../../models/inner-ear-unet/manifest.json'), 'utf8')
) as Record<string, unknown>;

describe('model manifests', () => {
  it('accepts the manifest that is shipped, within the size a viewer may download', () => {
    const manifest = parseManifest(shipped);
    const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    expect(bytes).toBeLessThan(6_000_000);
    expect(manifest.intended_use).toContain('Not for clinical use');
  });

  it('refuses another major version rather than guessing its meaning', () => {
    const next = { ...shipped, schema: 'inner-ear-hydrops/model@2' };
    expect(() => parseManifest(next)).toThrow(/model@2/);
  });

  it('names the field that is wrong', () => {
    expect(() => parseManifest({ ...shipped, version: 'latest' })).toThrow(/version/);
  });

  it('may state the confidence that is usual for its network, as a probability of each organ', () => {
    const stated = (confidence_thresholds: unknown) =>
      parseManifest({ ...shipped, confidence_thresholds }).confidence_thresholds;
    expect(stated({ cochlea: 0.7, vestibule: 1 })).toEqual({ cochlea: 0.7, vestibule: 1 });
    expect(stated(undefined)).toBeUndefined();
    expect(() => stated({ cochlea: 1.5, vestibule: 0.9 })).toThrow(
      /"confidence_thresholds\.cochlea"/
    );
    expect(() => stated({ cochlea: 0.9 })).toThrow(/"confidence_thresholds\.vestibule"/);
  });

  it('refuses paths that lead out of the model folder', () => {
    const files = [
      { path: '../secret', sha256: '0'.repeat(64), bytes: 1 },
      { path: 'a.bin', sha256: '0'.repeat(64), bytes: 1 },
    ];
    expect(() => parseManifest({ ...shipped, files })).toThrow(/files\.0\.path/);
  });

  it('refuses a file that is larger than a browser can hold', () => {
    const file = { path: 'a.bin', sha256: '0'.repeat(64), bytes: 2 ** 30 + 1 };
    expect(() => parseManifest({ ...shipped, files: [file, file] })).toThrow(/files\.0\.bytes/);
  });

  it('has an identity that any change of a file changes, and the order of files does not', () => {
    const manifest = parseManifest(shipped);
    const identity = modelIdentity(manifest).sha256;
    const turned = { ...manifest, files: [...manifest.files].reverse() };
    expect(modelIdentity(turned).sha256).toBe(identity);
    const changed = manifest.files.map((file, n) =>
      n ? file : { ...file, sha256: '0'.repeat(64) }
    );
    expect(modelIdentity({ ...manifest, files: changed }).sha256).not.toBe(identity);
  });
});
