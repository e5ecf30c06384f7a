import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EncodedObject } from '@inner-ear-hydrops/core/dicom';
import { describeWithTools, runTool } from '../support/tools';
import {
  automatic,
  cases,
  derived,
  edited,
  files,
  objects,
  organsOnly,
  report,
  summary,
  verifiedReport,
  withStructures,
} from './storedCases';
import { temporaryFolder } from '../support/temporaryFolder';

/**
 * Our objects before judges that share no code with the encoder: dicom3tools' validators and dcmtk's readers; pydicom in
 * resultsPydicom.test.ts.
 */
const folder = temporaryFolder();

function write(name: string, { file }: EncodedObject): string {
  const path = join(folder, `${name.replace(/\W+/g, '-')}.dcm`);
  writeFileSync(path, new Uint8Array(file));
  return path;
}

describeWithTools('dicom3tools', ['dciodvfy', 'dcentvfy'], () => {
  /** Warnings that we know and accept, each with its reason in docs/dicom-conformance.md. */
  const ACCEPTED = [
    /Unrecognized tag - assuming explicit value representation OK/,
    /Unrecognized defined term <99IEH>/,
    // Scanners write M for magnitude in the third value.
    /Unrecognized defined term <M> for value 3 of attribute <Image Type>/,
    /Modality LUT Module \(RescaleSlope and RescaleIntercept\) not expected/,
    /Attribute is not present in standard DICOM IOD - \(0x0028,0x105[234]\)/,
    /Standard Extended SOP Class/,
  ];

  test.each(objects)('dciodvfy finds no error in %s', (name, object) => {
    const { output } = runTool('dciodvfy', [write(name, object)]);
    const lines = output.split('\n').filter((line) => line.trim() !== '');
    expect(lines.filter((line) => /error|abort/i.test(line))).toEqual([]);
    const unknown = lines
      .filter((line) => /warning/i.test(line))
      .filter((line) => !ACCEPTED.some((pattern) => pattern.test(line)));
    expect(unknown).toEqual([]);
  });

  test('dcentvfy finds the study consistent across all objects', () => {
    const paths = [...files.MRC, ...files.PPI, ...files.PEI, ...derived.hydrops, ...derived.mi2]
      .concat([automatic, edited, organsOnly, withStructures, report, verifiedReport, summary])
      .map((object, i) => write(`entity-${i}`, object));
    const { status, output } = runTool('dcentvfy', paths);
    expect(output.split('\n').filter((line) => /error/i.test(line))).toEqual([]);
    expect(status).toBe(0);
  });
});

describeWithTools('dcmtk', ['dcmdump', 'dsrdump'], () => {
  test.each(objects)('dcmdump reads %s without complaint', (name, object) => {
    const { status, output } = runTool('dcmdump', ['-q', write(name, object)]);
    expect(output.split('\n').filter((line) => /^[EWF]:/.test(line))).toEqual([]);
    expect(status).toBe(0);
  });

  test('dsrdump shows each organ with its ratio, and who stands for it', () => {
    const { status, output } = runTool('dsrdump', ['+Pc', '+Pl', write('sr-dump', verifiedReport)]);
    // Its one warning is that it does not check UTF-8.
    expect(output.split('\n').filter((line) => /^[EF]:/.test(line))).toEqual([]);
    expect(status).toBe(0);
    expect(output).toContain('Left cochlea, volume');
    expect(output).toContain('Right cochlea, area');
    expect(output).not.toContain('Right vestibule, area');
    expect(output).toContain('Mild endolymphatic hydrops');
    expect(output).toContain('Perilymph is dark');
    expect(output).toContain('For research use only');
    expect(output).toContain('Share of ROI voxels within the noise');
    expect(output).toContain('Experimental: endolymph fraction by mixture of signals');
    expect(output).toMatch(/Saccule larger than utricle, by the reader[^\n]*Yes/);
    expect(output).toMatch(/VERIFIED/);
  });

  test('dsrdump names slices as archives do, and says what is voided, missing, borderline and chosen', () => {
    const dump = ({ report: document }: { report: EncodedObject }): string => {
      const { status, output } = runTool('dsrdump', ['+Pc', '+Pl', write('sr-case', document)]);
      expect(output.split('\n').filter((line) => /^[EF]:/.test(line))).toEqual([]);
      expect(status).toBe(0);
      return output;
    };
    const voided = dump(cases.voided);
    expect(voided).toContain('counted 100.0 %, not measurable: perilymph-not-enhanced');
    expect(voided).not.toContain('Mild endolymphatic hydrops');
    expect(dump(cases.absent)).toContain('The right ear was not found: it lies outside the stack.');
    expect(dump(cases.borderline)).toContain('borderline: image 23 reads 62.0 %: significant');
    const moved = dump(cases.moved);
    expect(moved).toContain('series 1, image 2');
    expect(moved).toMatch(/Representative slice chosen by[^\n]*Reader/);
    expect(dump(cases.multiFrame)).toContain('series 1, image 1, frame 5');
    expect(dump(cases.unnumbered)).not.toContain('series 1, image');
  });
});
