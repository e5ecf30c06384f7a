import path from 'node:path';
import type { LabelImage, NamedLabel } from './labelImage';
import { unreadable } from './labelFileError';
import { readNrrdHeader, type NrrdHeader } from './nrrdHeader';
import { allBytes, cutOff, isGzip } from './unpack';
import { BYTES, countVoxels, labelsOf, voxelsOf } from './voxels';

/**
 * Labels from a NRRD file: of 3D Slicer (`.seg.nrrd`, with the names of its segments and with layers where they overlap), or
 * of other programs; a detached header (`.nhdr`) finds its voxels in a file beside it.
 * @param readBeside reads a file of the same folder, by its name
 * @throws RefusedInputError `label-file-unreadable`, `label-orientation-unknown`, `labels-expected`
 */
export async function readNrrdLabels(
  file: string,
  content: Buffer,
  readBeside: (name: string) => Promise<Buffer>
): Promise<LabelImage> {
  const header = readNrrdHeader(file, content);
  const count = countVoxels(file, header.sizes);
  const data =
    header.dataFile === null
      ? content.subarray(header.length)
      : await readBeside(besideName(file, header.dataFile));
  const labels = labelsIn(file, header, afterSkipped(file, header, data), count);
  const { size, origin, steps, pairs, layers } = header;
  return {
    ...{ size, origin, steps },
    layers: layersOf(header, labels),
    named: segmentsOf(file, pairs, layers),
  };
}

/** Only a file that lies beside the header: no path, no list, no pattern. */
function besideName(file: string, name: string): string {
  const plain = name.replace(/^\.\//, '');
  if (/^LIST\b/.test(plain) || /%|\s\d+$/.test(plain) || path.basename(plain) !== plain)
    throw unreadable(
      file,
      `its voxels are in "${name}", which is not one file beside it`,
      'Save it as one file (.nrrd).'
    );
  return plain;
}

function afterSkipped(file: string, { lineSkip, byteSkip, encoding }: NrrdHeader, data: Buffer) {
  let at = 0;
  for (let line = 0; line < lineSkip; line++) {
    const end = data.indexOf('\n', at);
    if (end < 0) throw unreadable(file, `it has fewer than ${lineSkip} lines to pass over`);
    at = end + 1;
  }
  if (byteSkip < 0 && (byteSkip !== -1 || encoding !== 'raw'))
    throw unreadable(file, `its byte skip is ${byteSkip}`);
  return byteSkip < 0 ? data : data.subarray(at + (encoding === 'gzip' ? 0 : byteSkip));
}

function labelsIn(file: string, header: NrrdHeader, data: Buffer, count: number): Int32Array {
  const { encoding, type, isLittleEndian, byteSkip } = header;
  if (encoding === 'ascii') return numbersIn(file, data, count);
  const stated = count * BYTES[type];
  let bytes = data;
  if (encoding === 'gzip') {
    if (!isGzip(data)) throw unreadable(file, 'its voxels are said to be packed, and are not');
    // Bytes are passed over in what is unpacked.
    bytes = allBytes(file, data, stated + byteSkip).subarray(byteSkip);
  }
  if (bytes.length < stated) throw cutOff(file, stated);
  const start = byteSkip < 0 ? bytes.length - stated : 0;
  return labelsOf(file, voxelsOf(bytes.subarray(start, start + stated), type, isLittleEndian));
}

function numbersIn(file: string, data: Buffer, count: number): Int32Array {
  // Each number takes a digit and a space.
  if (2 * count - 1 > data.length) throw cutOff(file, 2 * count - 1);
  const numbers = data
    .toString('latin1')
    .split(/[\s,]+/)
    .filter(Boolean);
  if (numbers.length !== count)
    throw unreadable(file, `it holds ${numbers.length} numbers, and its header states ${count}`);
  return labelsOf(file, Float64Array.from(numbers, Number));
}

/** Axes of the file in the order of the image, one array for each layer. */
function layersOf({ size, sizes, spatial, layers }: NrrdHeader, labels: Int32Array): Int32Array[] {
  if (layers === 1) return [labels];
  const stride = sizes.map((_, axis) =>
    sizes.slice(0, axis).reduce((product, n) => product * n, 1)
  );
  const of = (axis: number) => stride[axis] ?? 0;
  const across = of([0, 1, 2, 3].find((axis) => !spatial.includes(axis)) ?? 0);
  const [columns, rows, slices] = size;
  return Array.from({ length: layers }, (_, layer) => {
    const own = new Int32Array(columns * rows * slices);
    let n = 0;
    for (let k = 0; k < slices; k++)
      for (let j = 0; j < rows; j++)
        for (let i = 0; i < columns; i++)
          own[n++] =
            labels[layer * across + i * of(spatial[0]) + j * of(spatial[1]) + k * of(spatial[2])]!;
    return own;
  });
}

/**
 * Segments of 3D Slicer. Before version 4.11 each was a layer of its own, without a label value.
 * @throws RefusedInputError `label-file-unreadable` for a segment whose layer the file does not have
 */
function segmentsOf(
  file: string,
  pairs: ReadonlyMap<string, string>,
  layers: number
): NamedLabel[] {
  const named: NamedLabel[] = [];
  for (let n = 0; ; n++) {
    const of = (key: string) => pairs.get(`Segment${n}_${key}`);
    const name = of('Name') ?? of('ID');
    if (name === undefined) return named;
    const layer = Number(of('Layer') ?? (layers > 1 ? n : 0));
    const value = Number(of('LabelValue') ?? 1);
    if (!(layer >= 0 && layer < layers) || !Number.isInteger(value) || value === 0)
      throw unreadable(
        file,
        `its segment "${name}" has layer ${layer} of ${layers} and label ${value}`
      );
    named.push({ layer, value, name });
  }
}
