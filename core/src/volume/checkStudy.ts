import { itemAt } from '../items';
import { RefusedInputError, type Method, type Role, type Series, type Warning } from '../types';
import { METHODS, roleName } from '../registry';
import { blankSlices } from './blankImages';
import { capital, describeSeries, refuseSeries } from './describeSeries';
import { latticeShift } from './coverage';
import { voxelToWorld, worldToVoxel } from './geometry';
import { imageName, imagesOf, numbersTellApart, shortImageName } from './imageName';
import { requireMagnitude, requireSigned } from './signOfValues';
import { requireOnePatient } from './onePatient';

/**
 * Looks at the series of a study before anything is computed.
 *
 * The subtraction PPI − PEI is defined on magnitude images; on signed ones it is never negative,
 * whatever the ear holds (docs: polarity), so signed or phase series are refused for it.
 *
 * @throws RefusedInputError `series-missing`, `series-doubled`, `series-blank`, `not-magnitude`, `not-signed`,
 * `patients-differ`, `no-overlap`
 * @returns warnings `frame-of-reference-missing` and `instance-numbers-ambiguous` (of MRC), `frame-of-reference-differs`, `negative-values`,
 * `partial-overlap`, `series-shorter`, `studies-differ`
 */
export function checkStudy(series: Partial<Record<Role, Series>>, method: Method): Warning[] {
  const { roles, signed } = METHODS[method];
  const missing = roles.filter((role) => !series[role]);
  if (missing.length > 0) {
    const names = missing.map((role) => roleName(role, method)).join(' and ');
    throw new RefusedInputError(
      'series-missing',
      `No series has the role ${names}, which the method ${method} needs.`,
      `Assign the ${names} series by hand if the study holds it under another name, or load it.`,
      { roles: missing.join(','), method }
    );
  }
  const present = roles.map((role) => ({ role, series: series[role] as Series }));
  requireDistinct(present, method);
  present.forEach(({ series: image }) => requireSignal(image));
  const warnings: Warning[] = [];
  for (const { role, series: image } of present) {
    if (role === 'mrc') continue;
    if (signed) requireSigned(image, method);
    else warnings.push(...requireMagnitude(role, image, method));
  }
  const mrc = itemAt(present, 0).series;
  if (!mrc.header.frameOfReferenceUid) warnings.push(frameMissing(mrc));
  if (!numbersTellApart(mrc)) warnings.push(numbersAmbiguous(mrc));
  for (const { series: other } of present.slice(1)) warnings.push(...compare(mrc, other));
  return warnings;
}

/** Two roles may be in one series, but not on one image. */
function requireDistinct(present: { role: Role; series: Series }[], method: Method): void {
  present.forEach((a, n) => {
    const b = present.slice(n + 1).find((other) => shareImages(other.series, a.series));
    if (!b) return;
    throw refuseSeries(
      'series-doubled',
      a.series.header,
      `its images have two roles, ${roleName(a.role, method)} and ${roleName(b.role, method)}.`,
      'Give each role a series of its own, or images of its own inversion time of a series that holds several.'
    );
  });
}

function shareImages(a: Series, b: Series): boolean {
  if (a.header.seriesInstanceUid !== b.header.seriesInstanceUid) return false;
  const key = ({ sopInstanceUid, frameNumber }: Series['sources'][number]) =>
    `${sopInstanceUid} ${frameNumber ?? 1}`;
  const used = new Set(a.sources.map(key));
  return b.sources.some((source) => used.has(key(source)));
}

/** A series with a greater share of blank images is no image of an ear. */
const MAX_BLANK = 0.5;

function requireSignal({ header, volume }: Series): void {
  const slices = volume.size[2];
  const blank = blankSlices(volume).length;
  if (blank <= MAX_BLANK * slices) return;
  throw refuseSeries(
    'series-blank',
    header,
    `${blank} of its ${slices} images hold one single value everywhere.`,
    'Send the series again from the scanner or the archive, or choose another one.',
    { blank, images: slices }
  );
}

/** Measuring needs positions only; placing what is stored needs the frame that they are given in. */
function frameMissing(mrc: Series): Warning {
  return {
    code: 'frame-of-reference-missing',
    message:
      `${capital(describeSeries(mrc.header))} has no Frame of Reference UID (0020,0052): it can be measured, but ` +
      'the result cannot be stored as DICOM. To store it, send the series again from the scanner with its ' +
      'Frame of Reference UID.',
    ear: null,
    values: { series: mrc.header.seriesInstanceUid },
  };
}

/** People find a slice by series and Instance Number: where those name several or none, they must know. */
function numbersAmbiguous(mrc: Series): Warning {
  const numbers = mrc.sources.map(({ instanceNumber }) => instanceNumber);
  const missing = numbers.filter((number) => number === null).length;
  const distinct = new Set(numbers.filter((number) => number !== null)).size;
  const images = imagesOf(mrc);
  return {
    code: 'instance-numbers-ambiguous',
    message:
      `Instance Number (0020,0013) does not tell the ${images.length} images of ${describeSeries(mrc.header)} apart ` +
      `(${distinct} different ${distinct === 1 ? 'number' : 'numbers'}, ${missing} without one): its slices are named by ` +
      `their place, from "${shortImageName(itemAt(images, 0))}" on, and the derived series are numbered in the same way. Look them up by position.`,
    ear: null,
    values: { series: mrc.header.seriesInstanceUid, images: images.length, distinct, missing },
  };
}

function compare(mrc: Series, other: Series): Warning[] {
  const warnings: Warning[] = [];
  const a = mrc.header;
  const b = other.header;
  requireOnePatient(a, b);
  if (a.studyInstanceUid && b.studyInstanceUid && a.studyInstanceUid !== b.studyInstanceUid) {
    warnings.push({
      code: 'studies-differ',
      message: `${capital(describeSeries(b))} belongs to another study than ${describeSeries(a)}.`,
      ear: null,
      values: { mrc: a.studyInstanceUid, other: b.studyInstanceUid },
    });
  }
  const share = overlap(mrc, other);
  if (share < 0.02) {
    throw refuseSeries(
      'no-overlap',
      b,
      `it shows another region than ${describeSeries(a)}: ${(100 * share).toFixed(0)} % of the MRC volume lies within it.`,
      'Choose series that cover the same part of the head, or check their Image Position (0020,0032).',
      { overlap: share, mrc: a.seriesInstanceUid }
    );
  }
  const shorter = missingSlices(mrc, other);
  if (shorter) warnings.push(shorter);
  else if (share < 0.9) {
    warnings.push({
      code: 'partial-overlap',
      message: `${capital(describeSeries(b))} covers ${(100 * share).toFixed(0)} % of the MRC volume.`,
      ear: null,
      values: { overlap: share, series: b.seriesInstanceUid },
    });
  }
  if (a.frameOfReferenceUid !== b.frameOfReferenceUid) {
    warnings.push({
      code: 'frame-of-reference-differs',
      message:
        `Frame of Reference UID (0020,0052) of ${describeSeries(b)} differs from that of ` +
        `${describeSeries(a)}: their positions may not agree and are checked by alignment.`,
      ear: null,
      values: { mrc: a.frameOfReferenceUid ?? 'absent', other: b.frameOfReferenceUid ?? 'absent' },
    });
  }
  return warnings;
}

/** A series on MRC's lattice that ends before MRC does: nothing is interpolated, and these slices are not measured. */
function missingSlices(mrc: Series, other: Series): Warning | null {
  const shift = latticeShift(other.volume, mrc.volume);
  if (!shift) return null;
  const images = imagesOf(mrc);
  const first = Math.max(0, -shift[2]);
  const end = Math.min(images.length, other.volume.size[2] - shift[2]);
  const runs = [images.slice(0, first), images.slice(end)].filter((run) => run.length > 0);
  const missing = first + images.length - end;
  if (missing === 0) return null;
  const names = runs.map((run) =>
    run.length === 1
      ? imageName(itemAt(run, 0))
      : `${imageName(itemAt(run, 0))} to ${shortImageName(itemAt(run, -1))}`
  );
  return {
    code: 'series-shorter',
    message:
      `${capital(describeSeries(other.header))} lacks ${missing} of the ${images.length} slices of MRC: it has none ` +
      `where MRC has ${names.join(' and ')}. Nothing was interpolated on the others; an organ that reaches into those ` +
      'slices is not measured.',
    ear: null,
    values: {
      series: other.header.seriesInstanceUid,
      missing,
      slices: images.length,
    },
  };
}

/** Share of the reference volume (sampled on a coarse lattice) that lies within the other. */
function overlap(reference: Series, other: Series): number {
  const samples = 12;
  const { size } = reference.volume;
  let inside = 0;
  for (let c = 0; c < samples; c++) {
    for (let b = 0; b < samples; b++) {
      for (let a = 0; a < samples; a++) {
        const at = [a, b, c].map((n, axis) => ((n + 0.5) / samples) * size[axis]! - 0.5);
        const point = voxelToWorld(reference.volume, [at[0]!, at[1]!, at[2]!]);
        const index = worldToVoxel(other.volume, point);
        if (index.every((x, axis) => x >= -0.5 && x <= other.volume.size[axis]! - 0.5)) inside++;
      }
    }
  }
  return inside / samples ** 3;
}
