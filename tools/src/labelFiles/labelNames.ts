import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { contentOf } from '../files/inputFiles';
import { unreadable } from './labelFileError';

/** What a file beside the labels says of them. */
export interface LabelNames {
  /** Names by value. */
  names: ReadonlyMap<number, string>;
  /** The value of voxels that nobody annotated (nnU-Net's "ignore"); null where there is none. */
  ignored: number | null;
  /** The file that says so. */
  file: string;
}

/** First line of ITK-SNAP's label descriptions, after which each line is: value R G B A visible mesh "name". */
const ITK_SNAP = /ITK-SnAP Label Description File/i;
const DESCRIPTION = /^\s*(\d+)\s+\d+\s+\d+\s+\d+\s+[\d.]+\s+\d+\s+\d+\s+"(.*)"\s*$/;

/** A text file larger than this describes no labels. */
const MOST_BYTES = 1 << 20;

/**
 * The names of labels from nnU-Net's `dataset.json` or ITK-SNAP's label descriptions.
 * @throws RefusedInputError `label-file-unreadable` where it is neither
 */
export function readLabelNames(file: string, content: Buffer): LabelNames {
  const text = content.length > MOST_BYTES ? '' : content.toString('utf8');
  if (ITK_SNAP.test(text)) return { names: describedIn(text), ignored: null, file };
  if (file.endsWith('.json')) return { ...namesIn(file, text), file };
  throw unreadable(
    file,
    'it is neither nnU-Net’s dataset.json nor a file of label descriptions of ITK-SNAP',
    'Say what the labels are with --names, for example --names "1=left cochlea".'
  );
}

function describedIn(text: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, value, name] = DESCRIPTION.exec(line) ?? [];
    // 0 is "Clear Label".
    if (value !== undefined && name !== undefined && Number(value) !== 0)
      names.set(Number(value), name);
  }
  return names;
}

/** `labels` of version 2 are values by name, of version 1 names by value. */
function namesIn(file: string, text: string): Omit<LabelNames, 'file'> {
  let labels: unknown;
  try {
    labels = (JSON.parse(text) as { labels?: unknown }).labels;
  } catch (error) {
    throw unreadable(file, `it is no JSON (${(error as Error).message})`);
  }
  if (typeof labels !== 'object' || labels === null) throw unreadable(file, 'it has no "labels"');
  const names = new Map<number, string>();
  let ignored: number | null = null;
  for (const [key, value] of Object.entries(labels)) {
    const isFirst = typeof value === 'string';
    const number = Number(isFirst ? key : value);
    const name = isFirst ? value : key;
    if (Array.isArray(value) || !Number.isInteger(number))
      throw unreadable(
        file,
        `its label "${name}" is a region of several values`,
        'Give the labels as plain values, one for each organ.'
      );
    if (name.toLowerCase() === 'ignore') ignored = number;
    else if (number !== 0) names.set(number, name);
  }
  return { names, ignored };
}

/**
 * What lies beside a file of labels: `dataset.json` in its folder or, as in nnU-Net, in the folder above; else ITK-SNAP's
 * descriptions under the same name, or the only ones in the folder.
 * @returns null where there is nothing, or more than one of the same right
 */
export async function namesBeside(file: string): Promise<LabelNames | null> {
  const folder = path.dirname(file);
  for (const near of [folder, path.dirname(folder)]) {
    const dataset = path.join(near, 'dataset.json');
    const content = await contentOf(dataset).catch(() => null);
    if (content) return readLabelNames(dataset, content);
  }
  const stem = labelStem(file);
  const entries = await readdir(folder).catch(() => []);
  const described: { name: string; content: Buffer }[] = [];
  for (const name of entries.filter((entry) => /\.(label|txt)$/i.test(entry)).sort()) {
    const content = await contentOf(path.join(folder, name)).catch(() => Buffer.alloc(0));
    if (content.length <= MOST_BYTES && ITK_SNAP.test(content.toString('utf8')))
      described.push({ name, content });
  }
  const own = described.find(({ name }) => name.replace(/\.(label|txt)$/i, '') === stem);
  const chosen = own ?? (described.length === 1 ? described[0] : undefined);
  return chosen ? readLabelNames(path.join(folder, chosen.name), chosen.content) : null;
}

const ENDINGS = /(\.nii(\.gz)?|(\.seg)?\.nrrd|(\.seg)?\.nhdr)$/i;

/** Whether a file is one of labels, or an image of the same formats, by its name. */
export const isLabelName = (file: string): boolean => /\.(nii|nii\.gz|nrrd|nhdr)$/i.test(file);

/** The name without what tells the format: "P1" of "labelsTr/P1.nii.gz". */
export const labelStem = (file: string): string => path.basename(file).replace(ENDINGS, '');
