import type { EarSide } from '@inner-ear-hydrops/core';
import type { CropOrigin } from './cropPlaces';

const SVG = 'http://www.w3.org/2000/svg';
const NAMES: Record<EarSide, string> = { left: 'Left ear', right: 'Right ear' };
const ORIGINS: Record<CropOrigin, string> = {
  set: 'set by the reader',
  computed: 'as computed',
  proposed: 'proposed',
};
/** A centre nearer than this lies on the slice, mm. */
const ON_SLICE = 0.5;
const CROSS = 5;

/** Where a crop lies on a viewport, CSS pixels from its upper left corner. */
export interface CropShape {
  corners: [number, number][];
  middle: [number, number];
  /** Millimetres between the crop's centre and the slice that is shown. */
  away: number;
  origin: CropOrigin;
}

/** One crop as it is drawn: outline, a wider edge to grasp, a cross in the middle, and its label. */
export class CropMark {
  readonly shape: SVGGElement;
  /** Invisible, wide enough to be grasped. */
  readonly edge: SVGPolygonElement;
  readonly label = document.createElement('button');
  private readonly outline: SVGPolygonElement;
  private readonly cross: SVGPathElement;

  constructor(readonly ear: EarSide) {
    this.shape = document.createElementNS(SVG, 'g');
    this.outline = document.createElementNS(SVG, 'polygon');
    this.edge = document.createElementNS(SVG, 'polygon');
    this.cross = document.createElementNS(SVG, 'path');
    this.shape.setAttribute('class', ear);
    this.outline.setAttribute('class', 'outline');
    this.edge.setAttribute('class', 'edge');
    this.cross.setAttribute('class', 'cross');
    this.shape.append(this.outline, this.cross, this.edge);
    this.label.type = 'button';
    this.label.className = ear;
  }

  place(crop: CropShape, area: { width: number; height: number }): void {
    const { corners, middle, away, origin } = crop;
    const points = corners.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
    this.outline.setAttribute('points', points);
    this.edge.setAttribute('points', points);
    const [x, y] = [Number(middle[0].toFixed(1)), Number(middle[1].toFixed(1))];
    this.cross.setAttribute('d', `M${x - CROSS},${y}h${2 * CROSS}M${x},${y - CROSS}v${2 * CROSS}`);
    const onSlice = away < ON_SLICE;
    this.shape.classList.toggle('off', !onSlice);

    const name = NAMES[this.ear];
    this.write(
      onSlice
        ? [`${name}, ${ORIGINS[origin]}`]
        : [`${name}, ${ORIGINS[origin]}, `, `${away.toFixed(0)} mm from this slice`]
    );
    this.placeLabel(corners, area);
  }

  setDragged(dragged: boolean): void {
    this.shape.classList.toggle('dragged', dragged);
  }

  /** Each part has a line of its own, so that the labels of both ears stand side by side on a small viewport. */
  private write(parts: string[]): void {
    const words = parts.join('');
    if (this.label.textContent === words) return;
    this.label.replaceChildren(
      ...parts.map((part) => {
        const line = document.createElement('span');
        line.textContent = part;
        return line;
      })
    );
    const about = words.charAt(0).toLowerCase() + words.slice(1);
    this.label.setAttribute(
      'aria-label',
      `Crop of the ${about}. Arrow keys move it by 1 mm, with Shift by 5 mm.`
    );
  }

  /** Above the upper left corner, and within the viewport as long as some of the crop is. */
  private placeLabel(corners: [number, number][], area: { width: number; height: number }): void {
    const xs = corners.map(([x]) => x);
    const ys = corners.map(([, y]) => y);
    const [left, right, top, bottom] = [
      Math.min(...xs),
      Math.max(...xs),
      Math.min(...ys),
      Math.max(...ys),
    ];
    this.label.hidden = right < 0 || bottom < 0 || left > area.width || top > area.height;
    const { offsetWidth: width, offsetHeight: height } = this.label;
    const x = Math.min(Math.max(left, 0), Math.max(area.width - width, 0));
    const y = Math.min(Math.max(top - height, 0), Math.max(area.height - height, 0));
    this.label.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
  }
}
