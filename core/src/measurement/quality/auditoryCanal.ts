import { mapAxes, perAxis } from '../../axes';
import { itemAt } from '../../items';
import { EARS, EAR_SIDES } from '../../registry';
import type { PreparedStudy } from '../../study';
import { ANATOMY, type Vector3, type Warning } from '../../types';
import { voxelToWorld, voxelVolume, worldToVoxel, axisOf } from '../../volume';
import type { FluidReference } from '../fluidReference';
import type { OrganVoxels } from '../organVoxels';

/** Share of an organ's voxels in the canal that is warned of. */
const MAX_OVERLAP = 0.03;
/** Without a known canal: volume (mm³) of fluid like CSF where the canal lies, and area (mm²) of contact. */
const MAX_FLUID = 5;
const MAX_CONTACT = 2;
/** MRC in units of the brightest fluid's: of open fluid, and of fluid without partial volume. */
const OPEN_FLUID = 0.5;
const FULL_FLUID = 0.6;
/** Where the cisterns begin, mm from the ear's centre towards the midline, and the box searched. */
const CISTERN = 11;
const BOX: Vector3 = [16, 14, 9];

/**
 * Fluid of the internal auditory canal is cerebrospinal fluid: negative on HYDROPS, so a ROI that
 * reaches into it reads too high. Where the anatomy has the canal, its voxels
 * inside the ROI are counted. Elsewhere two signs must come together: fluid like CSF (bright, as
 * negative on HYDROPS) in the part of the ROI that lies medially and behind the middle of the cochlea,
 * and contact with bright fluid that is connected with the cisterns, from which bone separates an ear.
 */
export function auditoryCanalWarnings(
  prepared: PreparedStudy,
  organs: OrganVoxels[],
  anatomy: Uint8Array | null,
  reference: FluidReference
): Warning[] {
  const warnings: Warning[] = [];
  for (const ear of EAR_SIDES) {
    const parts = organs.filter((organ) => organ.ear === ear);
    if (parts.length === 0) continue;
    const canal = ANATOMY.internalAuditoryCanal + EARS[ear].anatomyOffset;
    const known = anatomy !== null && anatomy.includes(canal);
    if (known) {
      for (const organ of parts) {
        const share = overlapOf(organ, anatomy, canal);
        if (share <= MAX_OVERLAP) continue;
        const extent = `${(100 * share).toFixed(0)} % of its voxels`;
        warnings.push(warningOf(organ, extent, { share }));
      }
      continue;
    }
    const cochlea = parts.find((organ) => organ.organ === 'cochlea');
    if (!cochlea) continue;
    const volume = fluidLikeCsf(prepared, cochlea, reference);
    if (volume <= MAX_FLUID) continue;
    const level = OPEN_FLUID * reference.brightMrc;
    const contact = cisternFluid(prepared, parts, level).contactOf(cochlea);
    if (contact <= MAX_CONTACT) continue;
    const extent = `about ${volume.toFixed(0)} mm³ like cerebrospinal fluid`;
    warnings.push(warningOf(cochlea, extent, { volume, contact }));
  }
  return warnings;
}

function warningOf(
  { ear, organ }: OrganVoxels,
  extent: string,
  values: Record<string, number>
): Warning {
  return {
    code: 'roi-in-auditory-canal',
    message:
      `The region of the ${ear} ${organ} reaches into the internal auditory canal (${extent}): ` +
      'cerebrospinal fluid counts as endolymph there and raises the ratio. Remove it from the region.',
    ear,
    organ,
    values,
  };
}

/** Volume, mm³, of the cochlea's ROI where the canal lies that looks like CSF on MRC and HYDROPS. */
function fluidLikeCsf(
  { mrc, hydrops }: PreparedStudy,
  { ear, indices, center }: OrganVoxels,
  reference: FluidReference
): number {
  const [columns, rows] = mrc.size;
  const medially = -EARS[ear].lateral;
  let count = 0;
  for (const n of indices) {
    if (mrc.data[n]! < FULL_FLUID * reference.brightMrc) continue;
    if (!(hydrops.data[n]! / mrc.data[n]! < 0.5 * reference.hydrops)) continue;
    const [x, y, z] = voxelToWorld(mrc, [
      n % columns,
      Math.floor(n / columns) % rows,
      Math.floor(n / (columns * rows)),
    ]);
    if ((x - center[0]) * medially > 0 && y > center[1] && z > center[2] - 1) count++;
  }
  return count * voxelVolume(mrc);
}

function overlapOf({ indices }: OrganVoxels, anatomy: Uint8Array, canal: number): number {
  let inside = 0;
  for (const n of indices) if (anatomy[n] === canal) inside++;
  return inside / indices.length;
}

/** Bright fluid outside the ROI that is connected (through faces) with bright fluid near the midline. */
function cisternFluid(
  prepared: PreparedStudy,
  ear: OrganVoxels[],
  level: number
): { contactOf(organ: OrganVoxels): number } {
  const { mrc } = prepared;
  const [columns, rows, slices] = mrc.size;
  const plane = columns * rows;
  const total = ear.reduce((sum, organ) => sum + organ.indices.length, 0);
  const center = perAxis((axis) =>
    ear.reduce((sum, organ) => sum + (organ.center[axis] * organ.indices.length) / total, 0)
  );
  const at = worldToVoxel(mrc, center);
  // Half sizes of the box along the voxel axes, whatever their order.
  const reach = perAxis((axis) => {
    const d = axisOf(mrc, axis);
    return (
      (BOX[0] * Math.abs(d[0]) + BOX[1] * Math.abs(d[1]) + BOX[2] * Math.abs(d[2])) /
      mrc.spacing[axis]
    );
  });
  const low = mapAxes(at, (x, axis) => Math.max(0, Math.ceil(x - reach[axis])));
  const high = mapAxes(at, (x, axis) => Math.min(mrc.size[axis] - 1, Math.floor(x + reach[axis])));
  const roi = new Set<number>();
  for (const { indices } of ear) for (const n of indices) roi.add(n);
  const towardsMidline = -EARS[itemAt(ear, 0).ear].lateral;
  const step = perAxis((axis) => axisOf(mrc, axis)[0] * mrc.spacing[axis] * towardsMidline);
  const filled = new Set<number>();
  const open = (n: number): boolean => mrc.data[n]! > level && !roi.has(n) && !filled.has(n);
  const queue: number[] = [];
  for (let k = low[2]; k <= high[2]; k++) {
    for (let j = low[1]; j <= high[1]; j++) {
      for (let i = low[0]; i <= high[0]; i++) {
        const medial = (i - at[0]) * step[0] + (j - at[1]) * step[1] + (k - at[2]) * step[2];
        const n = i + columns * j + plane * k;
        if (medial < CISTERN || !open(n)) continue;
        filled.add(n);
        queue.push(n);
      }
    }
  }
  const neighboursOf = (n: number): [number, number][] => {
    const i = n % columns;
    const j = Math.floor(n / columns) % rows;
    const k = Math.floor(n / plane);
    const found: [number, number][] = [];
    if (i > low[0]) found.push([n - 1, 0]);
    if (i < high[0]) found.push([n + 1, 0]);
    if (j > low[1]) found.push([n - columns, 1]);
    if (j < high[1]) found.push([n + columns, 1]);
    if (k > low[2]) found.push([n - plane, 2]);
    if (k < high[2]) found.push([n + plane, 2]);
    return found;
  };
  for (let head = 0; head < queue.length; head++) {
    for (const [n] of neighboursOf(queue[head]!)) {
      if (!open(n)) continue;
      filled.add(n);
      queue.push(n);
    }
  }
  const [x, y, z] = mrc.spacing;
  const faces = [y * z, x * z, x * y];
  return {
    contactOf({ indices }) {
      let area = 0;
      for (const n of indices) {
        if (mrc.data[n]! <= level) continue;
        const k = Math.floor(n / plane);
        if (k < low[2] || k > Math.min(high[2], slices - 1)) continue;
        for (const [m, axis] of neighboursOf(n)) if (filled.has(m)) area += faces[axis]!;
      }
      return area;
    },
  };
}
