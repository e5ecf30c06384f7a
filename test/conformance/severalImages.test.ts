import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { wishFor, type Role, firstItems } from '@inner-ear-hydrops/core';
import { assembleCollected, readSeries } from '@inner-ear-hydrops/core/dicom';
import { describeWithTools, PYTHON, runTool } from '../support/tools';
import { temporaryFolder } from '../support/temporaryFolder';

// Series as scanners and gateways store them, written by pydicom: several images at one place, Philips' scale slope.

describeWithTools('series with several images at one place', ['pydicom'], () => {
  const folder = temporaryFolder();
  beforeAll(() => {
    runTool(PYTHON, [path.join(__dirname, 'makeSeveralImages.py'), folder]);
  });

  async function read(variant: string, role: Role = 'ppi', method = 'hydrops-mi2' as const) {
    const directory = path.join(folder, variant);
    const files = readdirSync(directory).map((name) => ({
      name,
      buffer: Uint8Array.from(readFileSync(path.join(directory, name))).buffer,
    }));
    const { series } = await readSeries(files);
    expect(series.size).toBe(1);
    const [collected] = firstItems(series.values(), 1);
    return assembleCollected(collected, wishFor(role, method));
  }

  test.each([
    ['phase', '12 phase images'],
    ['component', '12 phase images'],
    ['echoes', '12 of Echo Time (0018,0081) 90 ms'],
    ['colour', '2 in colour'],
    ['palette', '12 in colour'],
    ['projection', '1 whose Image Type (0008,0008) says PROJECTION IMAGE'],
    ['enhanced-phase', '12 phase images'],
    ['enhanced-echoes', '12 of Echo Time (0018,0081) 90 ms'],
  ])('%s: the images of the series alone, its own header, and a word', async (variant, left) => {
    const plain = await read('plain');
    const { series, warnings } = await read(variant);
    expect(series.volume).toEqual(plain.series.volume);
    expect(series.header).toMatchObject({ imageCount: 12, echoTime: 540, inversionTime: 2250 });
    expect(series.header.imageType[2]).toBe('M');
    expect(warnings.map(({ code }) => code)).toEqual(['images-left-out']);
    expect(warnings[0]!.message).toContain(left);
  });

  test('dynamics: which repetition is meant cannot be told', async () => {
    await expect(read('dynamics')).rejects.toMatchObject({ code: 'images-ambiguous' });
  });

  test('indices of a colour table alone are no series', async () => {
    await expect(read('palette-alone')).rejects.toThrow(
      /0 usable slices.*12 images are there and were left out: 12 in colour\./
    );
  });

  test.each(['philips', 'philips-implicit', 'philips-enhanced'])(
    '%s: the signal that one unit stands for is known',
    async (variant) => {
      const { series, warnings } = await read(variant);
      expect(series.valuePerSignal).toBeCloseTo(2.5 * 0.004, 8);
      expect(warnings).toEqual([]);
    }
  );
  test('the same tags of another vendor are no scale slope', async () => {
    expect((await read('other-creator')).series.valuePerSignal).toBeUndefined();
  });
});
