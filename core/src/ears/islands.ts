import { ANATOMY, type Vector3 } from '../types';

/** A connected part of one label. */
export interface LabelPart {
  voxels: number[];
  /** Voxel indices, continuous. */
  centroid: Vector3;
}

/** Millimetres between the centroids of a cochlea and its vestibule. */
export const ORGAN_DISTANCE = [3, 13] as const;
/** What is kept lies within these distances of the chosen organ's centroid, mm. */
const REACH = { cochlea: 7, vestibule: 5, canals: 15, internalAuditoryCanal: 20 };
/** Parts smaller than this share of the chosen part are noise. */
const MIN_SHARE = 0.04;
/** How quickly a part loses weight with its distance from the expected centre, mm. */
const CENTER_SPREAD = 9;

/**
 * Keeps one labyrinth: the cochlea and vestibule that lie as far from each other as they do in an
 * ear and nearest to where it was expected, and the canals about them. Everything else (fluid in
 * mastoid cells or sulci that was taken for an organ) becomes background, in place.
 * @param labels `ANATOMY` codes, voxel (i, j, k) at `i + columns·(j + rows·k)`
 * @param expected voxel indices of the ear's expected centre
 */
export function keepOneLabyrinth(
  labels: Uint8Array,
  size: Vector3,
  spacing: Vector3,
  expected: Vector3
): void {
  const distance = (a: Vector3, b: Vector3) =>
    Math.hypot(...a.map((value, axis) => (value - b[axis]!) * spacing[axis]!));
  const cochleae = labelParts(labels, size, ANATOMY.cochlea);
  const vestibules = labelParts(labels, size, ANATOMY.vestibule);
  let chosen: [LabelPart, LabelPart] | null = null;
  let best = 0;
  for (const cochlea of cochleae) {
    for (const vestibule of vestibules) {
      const apart = distance(cochlea.centroid, vestibule.centroid);
      if (apart < ORGAN_DISTANCE[0] || apart > ORGAN_DISTANCE[1]) continue;
      const middle = cochlea.centroid.map(
        (value, axis) => (value + vestibule.centroid[axis]!) / 2
      ) as Vector3;
      const off = distance(middle, expected) / CENTER_SPREAD;
      const score =
        Math.sqrt(cochlea.voxels.length * vestibule.voxels.length) * Math.exp(-off * off);
      if (score > best) [chosen, best] = [[cochlea, vestibule], score];
    }
  }
  const [cochlea, vestibule] = chosen ?? [largest(cochleae), largest(vestibules)];
  const keep = (
    parts: LabelPart[],
    main: LabelPart | null,
    about: LabelPart | null,
    reach: number
  ) => {
    for (const part of parts) {
      const near = about && distance(part.centroid, about.centroid) <= reach;
      const large = !main || part.voxels.length >= MIN_SHARE * main.voxels.length;
      if (!near || !large) for (const voxel of part.voxels) labels[voxel] = 0;
    }
  };
  keep(cochleae, cochlea, cochlea, REACH.cochlea);
  keep(vestibules, vestibule, vestibule, REACH.vestibule);
  const anchor = vestibule ?? cochlea;
  for (const code of [ANATOMY.lateralCanal, ANATOMY.otherCanals]) {
    keep(labelParts(labels, size, code), null, anchor, REACH.canals);
  }
  const auditory = labelParts(labels, size, ANATOMY.internalAuditoryCanal);
  keep(auditory, largest(auditory), anchor, REACH.internalAuditoryCanal);
}

function largest(parts: LabelPart[]): LabelPart | null {
  return parts.reduce<LabelPart | null>(
    (found, part) => (found && found.voxels.length >= part.voxels.length ? found : part),
    null
  );
}

/** The connected parts (26 neighbours) of a label. */
export function labelParts(labels: Uint8Array, size: Vector3, label: number): LabelPart[] {
  const [columns, rows, slices] = size;
  const seen = new Uint8Array(labels.length);
  const parts: LabelPart[] = [];
  for (let start = 0; start < labels.length; start++) {
    if (labels[start] !== label || seen[start]) continue;
    const voxels = [start];
    const sum = [0, 0, 0];
    seen[start] = 1;
    for (let head = 0; head < voxels.length; head++) {
      const index = voxels[head]!;
      const i = index % columns;
      const j = Math.floor(index / columns) % rows;
      const k = Math.floor(index / (columns * rows));
      sum[0]! += i;
      sum[1]! += j;
      sum[2]! += k;
      for (let c = Math.max(k - 1, 0); c <= Math.min(k + 1, slices - 1); c++) {
        for (let b = Math.max(j - 1, 0); b <= Math.min(j + 1, rows - 1); b++) {
          for (let a = Math.max(i - 1, 0); a <= Math.min(i + 1, columns - 1); a++) {
            const next = a + columns * (b + rows * c);
            if (labels[next] !== label || seen[next]) continue;
            seen[next] = 1;
            voxels.push(next);
          }
        }
      }
    }
    parts.push({ voxels, centroid: sum.map((value) => value / voxels.length) as Vector3 });
  }
  return parts;
}
