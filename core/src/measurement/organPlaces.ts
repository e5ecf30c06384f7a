import { mapAxes, perAxis } from '../axes';
import { EAR_REACH, EAR_SIDES, EARS, ORGANS } from '../registry';
import { median } from '../statistics';
import type { EarMeasurement, EarSide, Geometry, Organ, Vector3, Warning } from '../types';
import { distance, dot, voxelToWorld, voxelVolume } from '../volume';
import type { OrganVoxels } from './organVoxels';

/** Regions that cannot be what they are named. */
export interface Misplacement {
  code: 'laterality-wrong' | 'organs-exchanged';
  /** Where only this ear is meant. */
  ear: EarSide | null;
  /** Names regions, sides and positions (LPS mm). */
  message: string;
  values: Record<string, number | string>;
}

/** What a message calls a region: `the left cochlea`. */
export type NameOfOrgan = (organ: { ear: EarSide; organ: Organ }) => string;

const plainName: NameOfOrgan = ({ ear, organ }) => `the ${ear} ${organ}`;

/** Share of a region that may lie in another place: a stray dab, which `roi-part-far` names. */
const MAX_STRAY = 0.05;
/** Millimetres that an image must be wide to tell a side by its middle: one ear alone can be anywhere. */
const WIDTH_OF_TWO_EARS = 100;
/** An ear this far on the wrong side of the image's middle is on the wrong side of the head, mm. */
const CLEARLY_WRONG = 12;

/**
 * Whether regions that were named by people or by other software can be what they are named, by the patient (LPS: the
 * left ear has the larger x; the cochlea lies in front of the vestibule and medially) and never by the side of the picture.
 * Axial slices of an organ are enough, and a head tilted by 25° in any direction is no contradiction. What is not certain
 * is no contradiction: `organPlaceWarnings`.
 *
 * @param grid that the regions lie on
 * @returns null where nothing contradicts
 */
export function misplacedOrgans(
  grid: Geometry,
  organs: readonly OrganVoxels[],
  nameOf: NameOfOrgan = plainName
): Misplacement | null {
  const placed = organs.map((organ) => placeOf(grid, organ));
  const rules = [scattered, apart, together, exchangedSides];
  for (const rule of rules) {
    const found = rule(placed, nameOf);
    if (found.length > 0) return sidesWrong(found, placed);
  }
  const otherSide = isOfTwoEars(grid)
    ? beyondMiddle(grid, placed, nameOf)
    : turnedOutwards(placed, nameOf);
  if (otherSide.length > 0) return sidesWrong(otherSide, placed);
  const found = organOrders(placed).filter((order) => isExchanged(grid, order));
  if (found.length === 0) return null;
  return {
    code: 'organs-exchanged',
    ear: found.length === 1 ? (found[0]?.cochlea.ear ?? null) : null,
    message: found
      .map(
        ({ cochlea, vestibule }) =>
          `In the ${cochlea.ear} ear ${nameOf(cochlea)} lies at ${at(cochlea)} and ${nameOf(vestibule)} at ${at(vestibule)}: ` +
          'the cochlea lies in front of the vestibule (smaller y) and nearer to the middle of the head, so the two are exchanged.'
      )
      .join(' '),
    values: Object.fromEntries(found.map(({ cochlea, along }) => [cochlea.ear, along])),
  };
}

/** A result in which people or other software named a region that cannot be what it is named: nothing of it is a measurement. */
export function misplacementWarnings(
  grid: Geometry,
  organs: readonly OrganVoxels[],
  ears: Record<EarSide, EarMeasurement | null>
): Warning[] {
  if (!organs.some(({ ear, organ }) => ears[ear]?.[organ]?.mask === 'drawn')) return [];
  const found = misplacedOrgans(grid, organs);
  if (!found) return [];
  const { code, ear, message, values } = found;
  const whatToDo = 'Draw or name the regions as they lie; until then they are not measured.';
  return [{ code, ear, message: `${message} ${whatToDo}`, values }];
}

/** Ears whose cochlea does not lie in front of the vestibule: of slices chosen by hand it may be so. */
export function organPlaceWarnings(grid: Geometry, organs: readonly OrganVoxels[]): Warning[] {
  const placed = organs.map((organ) => placeOf(grid, organ));
  return organOrders(placed).flatMap(({ cochlea, vestibule, along }): Warning[] => {
    if (along >= 0) return [];
    const { ear } = cochlea;
    return [
      {
        code: 'organs-out-of-place',
        message:
          `The cochlea of the ${ear} ear, at ${at(cochlea)}, does not lie in front of the vestibule, at ${at(vestibule)}, ` +
          'and nearer to the middle of the head (LPS): check that the two regions are not exchanged.',
        ear,
        values: { along },
      },
    ];
  });
}

interface PlacedOrgan extends Pick<OrganVoxels, 'ear' | 'organ'> {
  /** mm³ */
  volume: number;
  /** LPS mm: the mean of what lies about its middle. */
  place: Vector3;
  /** The rest: its share of the region, and its middle. */
  stray: { share: number; place: Vector3 } | null;
}

function placeOf(grid: Geometry, { ear, organ, indices }: OrganVoxels): PlacedOrgan {
  const [columns, rows] = grid.size;
  const points = Array.from(indices, (n) =>
    voxelToWorld(grid, [
      n % columns,
      Math.floor(n / columns) % rows,
      Math.floor(n / (columns * rows)),
    ])
  );
  // Of a region in two ears the mean would lie in neither; its median lies in the larger part.
  const middle = middleOf(points);
  const near = points.filter((point) => distance(point, middle) <= EAR_REACH);
  const far = points.filter((point) => distance(point, middle) > EAR_REACH);
  const own = near.length > 0 ? near : points;
  return {
    ear,
    organ,
    volume: indices.length * voxelVolume(grid),
    place: perAxis((axis) => own.reduce((sum, point) => sum + point[axis], 0) / own.length),
    stray: far.length === 0 ? null : { share: far.length / points.length, place: middleOf(far) },
  };
}

function middleOf(points: readonly Vector3[]): Vector3 {
  return perAxis((axis) => median(points.map((point) => point[axis])));
}

const position = (point: Vector3): string =>
  `(${point.map((value) => value.toFixed(0).replace(/^-0$/, '0').replace('-', '−')).join(', ')}) mm`;

const at = ({ place }: PlacedOrgan): string => position(place);

function sidesWrong(reasons: readonly string[], placed: readonly PlacedOrgan[]): Misplacement {
  const sentences = reasons.map((reason) => reason.charAt(0).toUpperCase() + reason.slice(1));
  return {
    code: 'laterality-wrong',
    ear: null,
    message: `${sentences.join(' ')} In these coordinates (LPS) the patient's left has the larger x.`,
    values: Object.fromEntries(
      placed.map(({ ear, organ, place }) => [`${ear} ${organ}`, place[0]])
    ),
  };
}

function scattered(placed: readonly PlacedOrgan[], nameOf: NameOfOrgan): string[] {
  return placed.flatMap((organ) => {
    const { stray } = organ;
    if (!stray || stray.share <= MAX_STRAY) return [];
    return [
      `${nameOf(organ)} lies in two places: at ${at(organ)}, and ${(100 * stray.share).toFixed(0)} % of it at ${position(stray.place)}.`,
    ];
  });
}

/** An ear's regions in two ears. */
function apart(placed: readonly PlacedOrgan[], nameOf: NameOfOrgan): string[] {
  return pairs(placed).flatMap(([a, b]) => {
    const between = distance(a.place, b.place);
    if (a.ear !== b.ear || between <= EAR_REACH) return [];
    return [
      `${nameOf(a)} lies at ${at(a)} and ${nameOf(b)} at ${at(b)}: ${between.toFixed(0)} mm apart, they are not of one ear.`,
    ];
  });
}

/** Both ears' regions in one ear. */
function together(placed: readonly PlacedOrgan[], nameOf: NameOfOrgan): string[] {
  return pairs(placed).flatMap(([a, b]) => {
    const between = distance(a.place, b.place);
    if (a.ear === b.ear || between > EAR_REACH) return [];
    return [
      `${nameOf(a)} lies at ${at(a)} and ${nameOf(b)} at ${at(b)}: ${between.toFixed(0)} mm apart, they lie in one ear.`,
    ];
  });
}

function exchangedSides(placed: readonly PlacedOrgan[], nameOf: NameOfOrgan): string[] {
  const [left, right] = (['left', 'right'] as const).map((ear) =>
    placed.filter((organ) => organ.ear === ear)
  ) as [PlacedOrgan[], PlacedOrgan[]];
  const least = left.reduce((x, { place }) => Math.min(x, place[0]), Infinity);
  const most = right.reduce((x, { place }) => Math.max(x, place[0]), -Infinity);
  if (least > most) return [];
  const list = (organs: PlacedOrgan[]) =>
    organs.map((organ) => `${nameOf(organ)} at ${at(organ)}`).join(' and ');
  return [`the sides are exchanged: ${list(left)}, but ${list(right)}.`];
}

function isOfTwoEars({ size, spacing, direction }: Geometry): boolean {
  const across = [0, 1, 2].map(
    (axis) => size[axis]! * spacing[axis]! * Math.abs(direction[3 * axis]!)
  );
  return Math.max(...across) >= WIDTH_OF_TWO_EARS;
}

/**
 * mm by which the cochlea may lie farther from the middle of the head than the vestibule. In 96 phantom ears, heads turned by up
 * to 25°, it lies 0.9 to 5.9 mm nearer, in the real ear 4.2 mm.
 */
const OUTWARDS = 0.5;

/** In images of one ear, which can be anywhere: whole organs of an ear that looks to the other side. */
function turnedOutwards(placed: readonly PlacedOrgan[], nameOf: NameOfOrgan): string[] {
  return organOrders(placed).flatMap(({ cochlea, vestibule }) => {
    if (!isWhole(cochlea) || !isWhole(vestibule)) return [];
    const outwards = (cochlea.place[0] - vestibule.place[0]) * EARS[cochlea.ear].lateral;
    const isInFront = cochlea.place[1] <= vestibule.place[1];
    // Behind it, the two organs are exchanged and not the sides.
    if (outwards < OUTWARDS || !isInFront) return [];
    return [
      `${nameOf(cochlea)} lies at ${at(cochlea)} and ${nameOf(vestibule)} at ${at(vestibule)}: the cochlea lies nearer to the ` +
        `middle of the head than the vestibule, here ${outwards.toFixed(1)} mm farther from it, so this is an ear of the other side.`,
    ];
  });
}

function beyondMiddle(
  grid: Geometry,
  placed: readonly PlacedOrgan[],
  nameOf: NameOfOrgan
): string[] {
  const [middle] = voxelToWorld(
    grid,
    mapAxes(grid.size, (count) => (count - 1) / 2)
  );
  return placed.flatMap((organ) => {
    const beyond = (middle - organ.place[0]) * EARS[organ.ear].lateral;
    if (beyond < CLEARLY_WRONG) return [];
    return [
      `${nameOf(organ)} lies at ${at(organ)}, ${beyond.toFixed(0)} mm beyond the middle of the image (x = ${middle.toFixed(0).replace('-', '−')} mm), on the patient's other side.`,
    ];
  });
}

/**
 * From the vestibule's middle to the cochlea's, unit vector: how far towards the middle of the head, forwards and down. As
 * in the real ear of pydsgz/IEVNet, (4.2, 4.9, 1.5) mm; phantoms differ from it by up to 20°.
 */
const TO_COCHLEA = { medially: 0.633, forwards: 0.741, down: 0.226 };
/**
 * mm along that direction, which is certain of whole organs (at least 4.1 mm ahead in 160 phantom ears with heads tilted by
 * up to 25°) and of axial slices of them (any slice of the one with any of the other: at most 0.4 mm behind). Coronal or
 * sagittal slices may lie 4.4 mm behind.
 */
const EXCHANGED = -3.5;
/** Cosine between the stack and the patient's axis from which slices count as axial. */
const AXIAL_SLICES = 0.8;

function isExchanged({ direction }: Geometry, { cochlea, vestibule, along }: OrganOrder): boolean {
  const areWhole = isWhole(cochlea) && isWhole(vestibule);
  return along <= EXCHANGED && (areWhole || Math.abs(direction[8]) >= AXIAL_SLICES);
}

function isWhole({ organ, volume }: PlacedOrgan): boolean {
  return volume >= ORGANS[organ].expectedVolume[0];
}

interface OrganOrder {
  cochlea: PlacedOrgan;
  vestibule: PlacedOrgan;
  /** mm by which the cochlea lies from the vestibule in the expected direction. */
  along: number;
}

function organOrders(placed: readonly PlacedOrgan[]): OrganOrder[] {
  return EAR_SIDES.flatMap((ear): OrganOrder[] => {
    const of = (organ: Organ) =>
      placed.find((region) => region.ear === ear && region.organ === organ);
    const [cochlea, vestibule] = [of('cochlea'), of('vestibule')];
    if (!cochlea || !vestibule) return [];
    const { medially, forwards, down } = TO_COCHLEA;
    const expected: Vector3 = [-EARS[ear].lateral * medially, -forwards, -down];
    const offset = mapAxes(cochlea.place, (x, axis) => x - vestibule.place[axis]);
    return [{ cochlea, vestibule, along: dot(offset, expected) }];
  });
}

function pairs<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((a, n) => items.slice(n + 1).map((b): [T, T] => [a, b]));
}
