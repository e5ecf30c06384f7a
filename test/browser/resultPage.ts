import { readFileSync } from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';
import type { Locator } from 'playwright-core';
import { measurementSchema, type Measurement } from '@inner-ear-hydrops/core';
import {
  decodeMeasurementReport,
  type DecodedMeasurementReport,
} from '@inner-ear-hydrops/core/dicom';
import type { RunningViewer } from '../support';
import type { ViewerPage } from './viewerPage';

/** What lies in the archive after Save. */
export interface StoredResult {
  report: DecodedMeasurementReport;
  /** Segment Label and Segment Algorithm Type of each segment. */
  segments: { label: string; algorithm: string }[];
}

/** One line of the list "Area ratio on each image". */
export interface ListedSlice {
  /** "image 12". */
  image: string;
  /** Percent. */
  ratio: number;
  pixels: number;
  isRepresentative: boolean;
}

type Elements = Record<string, { Value?: unknown[] } | undefined>;

/** Percent that a text names first; NaN where it names none. */
export const percentIn = (text = ''): number => Number(/([\d.]+)\s%/.exec(text)?.[1]);

/** The result in the panel, part by part, as a reader finds it. */
export class ResultPage {
  readonly panel: Locator;

  constructor(readonly viewer: ViewerPage) {
    this.panel = viewer.page.locator('inner-ear-hydrops-panel');
  }

  row(organ: string, table = this.viewer.table()): Locator {
    const header = this.viewer.page.getByRole('rowheader', { name: organ });
    return table.locator('tbody tr').filter({ has: header });
  }

  /** Name, area, volume, endolymph and total of an organ, as they are read. */
  async cells(organ: string): Promise<string[]> {
    const rows = await this.viewer.rows();
    return rows.find(([name = '']) => name.startsWith(organ)) ?? [];
  }

  /** The line of an ear's suggested grade. */
  grade(side: 'Left' | 'Right'): Locator {
    const grades = this.panel.getByRole('list', { name: 'Suggested grades' });
    return grades.getByRole('listitem').filter({ hasText: side });
  }

  warning(code: string, list = 'Warnings'): Locator {
    return this.panel
      .getByRole('list', { name: list, exact: true })
      .locator(`[data-code="${code}"]`);
  }

  /** The list of series of a role, or of methods. */
  choice(name: 'MRC' | 'PPI' | 'PEI' | 'Method'): Locator {
    return this.panel.getByLabel(name, { exact: true });
  }

  chosen(name: 'MRC' | 'PPI' | 'PEI' | 'Method'): Promise<string> {
    return this.choice(name).evaluate(
      (select) => (select as HTMLSelectElement).selectedOptions[0]?.text ?? ''
    );
  }

  outOfDate(): Locator {
    return this.panel.locator('.out-of-date-words p');
  }

  slice(organ: string): Locator {
    return this.panel.getByRole('group', { name: `${organ}, slice` });
  }

  /** The reset of one choice: "method", "series, MRC", "slice, Left cochlea". */
  reset(what: string): Locator {
    return this.panel.getByRole('button', { name: `Reset ${what}`, exact: true });
  }

  /** The ratio on each image of an organ; its list must be open. */
  async slices(organ: string): Promise<ListedSlice[]> {
    const table = this.panel.getByRole('table', { name: `Area ratio on each image, ${organ}` });
    await table.waitFor();
    const rows = await table.locator('tbody tr').all();
    return Promise.all(
      rows.map(async (row) => {
        const [head = '', ratio, pixels = ''] = await row.locator('th, td').allInnerTexts();
        return {
          image: (await row.locator('button').innerText()).trim(),
          ratio: percentIn(ratio),
          pixels: Number(pixels.split('/')[1]),
          isRepresentative: head.includes('representative'),
        };
      })
    );
  }

  /** Saves, and reads what then lies in the archive. */
  async save({ store }: RunningViewer, studyInstanceUid: string): Promise<StoredResult> {
    await this.viewer.button('Save results').click();
    await this.viewer.status().filter({ hasText: 'Saved in' }).waitFor({ timeout: 60_000 });
    if (!store) throw new Error('The archive cannot be looked into.');
    const only = (modality: string) => {
      const found = store
        .list({ studyInstanceUid })
        .filter(({ attributes }) => (attributes as Elements)['00080060']?.Value?.[0] === modality);
      const [instance] = found;
      if (!instance || found.length > 1) throw new Error(`${found.length} objects of ${modality}`);
      return instance;
    };
    const report = Uint8Array.from(await store.file(only('SR')));
    const segmentation = (await store.metadata(only('SEG'))) as Elements;
    const segments = (segmentation['00620002']?.Value ?? []) as Elements[];
    return {
      report: decodeMeasurementReport(report.buffer),
      segments: segments.map((item) => ({
        label: String(item['00620005']?.Value?.[0]),
        algorithm: String(item['00620008']?.Value?.[0]),
      })),
    };
  }

  /** `measurement.json` of the files that Download gives. */
  async download(): Promise<Measurement> {
    const download = this.viewer.page.waitForEvent('download');
    await this.viewer.button('Download').click();
    const zip = unzipSync(readFileSync(await (await download).path()));
    const json = strFromU8(zip['measurement.json'] as Uint8Array);
    return measurementSchema.parse(JSON.parse(json)) as Measurement;
  }
}
