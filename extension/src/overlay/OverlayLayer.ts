import type { Vector3 } from '@inner-ear-hydrops/core';
import type { ImageViewport } from '../host/viewports';
import type { RoiPaths } from './roi';
import type { Section } from './section';
import { OVERLAY_STYLES } from './styles';

const SVG = 'http://www.w3.org/2000/svg';

/** Which parts of the region a viewport shows. */
export interface Parts {
  /** Numbers of the segments whose outlines are drawn. */
  outlines: ReadonlySet<number>;
  fluids: boolean;
}

/** The measured region on one viewport, above its image and below the viewer's own controls. Takes no mouse. */
export class OverlayLayer {
  private readonly host = document.createElement('div');
  private readonly group = document.createElementNS(SVG, 'g');
  private readonly legend = document.createElement('div');
  private readonly note = document.createElement('div');
  private drawn: RoiPaths | null = null;
  private parts = '';

  constructor(viewport: ImageViewport) {
    this.host.className = 'inner-ear-hydrops-overlay';
    this.host.style.cssText = 'position:absolute;inset:0;overflow:hidden;pointer-events:none';
    const shadow = this.host.attachShadow({ mode: 'open' });
    const style = document.createElement('style');
    style.textContent = OVERLAY_STYLES;
    const svg = document.createElementNS(SVG, 'svg');
    svg.append(this.group);
    this.legend.className = 'legend';
    this.legend.innerHTML =
      '<span><i class="endolymph"></i>Endolymph</span><span><i class="perilymph"></i>Perilymph</span><span>O hides</span>';
    this.note.className = 'note';
    this.note.setAttribute('role', 'note');
    shadow.append(style, svg, this.legend, this.note);
    viewport.element.append(this.host);
  }

  /** Whether it still lies over what the viewport draws into. */
  belongsTo(viewport: ImageViewport): boolean {
    return this.host.parentElement === viewport.element;
  }

  setHidden(hidden: boolean): void {
    this.host.hidden = hidden;
    this.host.style.display = hidden ? 'none' : '';
  }

  /** @param section null where the plane misses the region */
  draw(
    viewport: ImageViewport,
    section: Section | null,
    paths: RoiPaths | null,
    parts: Parts
  ): void {
    this.legend.hidden = !parts.fluids;
    this.note.hidden = true;
    if (!section || !paths) {
      this.group.replaceChildren();
      this.drawn = null;
      return;
    }
    const wanted = `${parts.fluids} ${[...parts.outlines].join()}`;
    if (paths !== this.drawn || wanted !== this.parts) this.fill(paths, parts);
    this.drawn = paths;
    this.parts = wanted;
    this.group.setAttribute('transform', matrixOf(viewport, section));
  }

  /** Says why there is no region, in its place. */
  say(reason: string): void {
    this.legend.hidden = true;
    this.note.hidden = false;
    this.note.textContent = reason;
    this.group.replaceChildren();
    this.drawn = null;
  }

  remove(): void {
    this.host.remove();
  }

  private fill(paths: RoiPaths, parts: Parts): void {
    const children: SVGPathElement[] = [];
    const add = (classes: string, d: string) => {
      const path = document.createElementNS(SVG, 'path');
      path.setAttribute('class', classes);
      path.setAttribute('d', d);
      children.push(path);
    };
    if (parts.fluids) {
      add('fluid endolymph', paths.endolymph);
      add('fluid perilymph', paths.perilymph);
    }
    for (const [segment, d] of paths.outlines) {
      if (parts.outlines.has(segment)) add(`outline segment-${segment}`, d);
    }
    this.group.replaceChildren(...children);
  }
}

/** From the section's pixels to CSS pixels of the viewport; a parallel projection is affine. */
function matrixOf(viewport: ImageViewport, { corner, alongColumns, alongRows }: Section): string {
  // Far apart, so that rounding does not matter.
  const reach = 100;
  const at = (step: Vector3 | null) =>
    viewport.worldToCanvas(
      corner.map((value, axis) => value + reach * (step?.[axis] ?? 0)) as Vector3
    );
  const [x, y] = at(null);
  const [ax, ay] = at(alongColumns);
  const [bx, by] = at(alongRows);
  const numbers = [(ax - x) / reach, (ay - y) / reach, (bx - x) / reach, (by - y) / reach, x, y];
  return `matrix(${numbers.join(' ')})`;
}
