import type { EarSide, Vector3, Matrix3 } from '@inner-ear-hydrops/core';
import { along, cropSection, offPlane, ontoPlane, type Plane } from './cropGeometry';
import { CropMark } from './CropMark';
import { CROP_STYLES } from './cropStyles';
import type { Crop } from './cropPlaces';
import type { ImageViewport } from '../host/viewports';
import { isUndoKey } from '../state/undoKeys';

/** What a layer tells of the reader's hand. Centres are LPS mm. */
export interface CropHandler {
  /** The crop is being dragged; nothing is set yet. */
  onDrag(ear: EarSide, center: Vector3): void;
  onSet(ear: EarSide, center: Vector3): void;
  onCancel(): void;
}

/** Less than this is a click, not a drag; CSS pixels. */
const MIN_DRAG = 3;
const STEP_MM = { plain: 1, shift: 5 };
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * The crops on one viewport. Only their edges and labels take the mouse, and only its first button;
 * everything else reaches the viewer's own tools.
 */
export class CropLayer {
  private readonly host = document.createElement('div');
  private readonly svg: SVGSVGElement;
  private readonly marks = new Map<EarSide, CropMark>();
  private crops: Crop[] = [];
  private endDrag: (() => void) | null = null;

  constructor(
    private viewport: ImageViewport,
    private readonly handler: CropHandler
  ) {
    this.host.className = 'inner-ear-hydrops-crops';
    this.host.style.cssText = 'position:absolute;inset:0;overflow:hidden;pointer-events:none';
    const shadow = this.host.attachShadow({ mode: 'open' });
    const style = document.createElement('style');
    style.textContent = CROP_STYLES;
    this.svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    shadow.append(style, this.svg);
    viewport.element.append(this.host);
  }

  /** Whether it still lies over what the viewport draws into. */
  belongsTo(viewport: ImageViewport): boolean {
    return this.host.parentElement === viewport.element;
  }

  /** @param size and axes of the crops' boxes, as `cropSection` takes them */
  draw(viewport: ImageViewport, crops: Crop[], size: Vector3, axes: Matrix3): void {
    this.viewport = viewport;
    this.crops = crops;
    const plane = this.plane();
    const area = { width: this.host.clientWidth, height: this.host.clientHeight };
    for (const crop of crops) {
      const corners = cropSection(crop.center, size, axes, plane.normal);
      const away = offPlane(crop.center, plane);
      this.mark(crop.ear).place(
        {
          corners: corners.map((corner) => viewport.worldToCanvas(corner)),
          middle: viewport.worldToCanvas(crop.center),
          away: Math.abs(away),
          origin: crop.origin,
        },
        area
      );
    }
  }

  remove(): void {
    this.endDrag?.();
    this.host.remove();
  }

  private mark(ear: EarSide): CropMark {
    const known = this.marks.get(ear);
    if (known) return known;
    const mark = new CropMark(ear);
    this.svg.append(mark.shape);
    this.svg.after(mark.label);
    for (const part of [mark.edge, mark.label]) {
      part.addEventListener('pointerdown', (event) => this.startDrag(event as PointerEvent, mark));
      // The viewer's tools and its double click listen further out.
      for (const type of ['mousedown', 'dblclick', 'touchstart']) {
        part.addEventListener(type, keepFromViewer);
      }
    }
    mark.label.addEventListener('keydown', (event) => this.moveByKey(event, ear));
    this.marks.set(ear, mark);
    return mark;
  }

  private startDrag(event: PointerEvent, mark: CropMark): void {
    const center = this.centerOf(mark.ear);
    if (event.button !== 0 || this.endDrag || !center) return;
    event.stopPropagation();
    mark.label.focus({ preventScroll: true });
    const target = event.currentTarget as Element;
    target.setPointerCapture(event.pointerId);
    const from = { x: event.clientX, y: event.clientY };
    const grabbed = this.worldAt(event);
    const grip = center.map((value, axis) => value - grabbed[axis]!) as Vector3;
    let moved: Vector3 | null = null;

    const onMove = (move: PointerEvent) => {
      if (!moved && Math.hypot(move.clientX - from.x, move.clientY - from.y) < MIN_DRAG) return;
      moved = ontoPlane(along(this.worldAt(move), grip, 1), this.plane());
      mark.setDragged(true);
      this.handler.onDrag(mark.ear, moved);
    };
    const onKey = (key: KeyboardEvent) => {
      if (key.key !== 'Escape') return;
      key.preventDefault();
      key.stopImmediatePropagation();
      this.endDrag?.();
    };
    const finish = (center: Vector3 | null) => {
      this.endDrag = null;
      listening.abort();
      if (target.hasPointerCapture(event.pointerId)) target.releasePointerCapture(event.pointerId);
      mark.setDragged(false);
      if (center) this.handler.onSet(mark.ear, center);
      else this.handler.onCancel();
    };
    const listening = new AbortController();
    const { signal } = listening;
    const listen = (type: string, listener: (event: PointerEvent) => void) =>
      target.addEventListener(type, listener as EventListener, { signal });
    listen('pointermove', onMove);
    listen('pointerup', () => finish(moved));
    listen('pointercancel', () => finish(null));
    document.addEventListener('keydown', onKey, { signal, capture: true });
    this.endDrag = () => finish(null);
  }

  /** Moves along the screen's axes, in millimetres of the patient. */
  private moveByKey(event: KeyboardEvent, ear: EarSide): void {
    // Keys of a focused crop are not the viewer's: its arrows scroll the images.
    if (event.key !== 'Tab' && !isUndoKey(event, event.target)) event.stopPropagation();
    const arrow = ARROWS[event.key];
    const center = this.centerOf(ear);
    if (!arrow || !center || this.endDrag) return;
    event.preventDefault();
    const [x, y] = this.viewport.worldToCanvas(center);
    const here = this.viewport.canvasToWorld([x, y]);
    const there = this.viewport.canvasToWorld([x + 10 * arrow[0], y + 10 * arrow[1]]);
    const direction = there.map((value, axis) => value - here[axis]!);
    const length = Math.hypot(...direction);
    if (!(length > 0)) return;
    const step = (event.shiftKey ? STEP_MM.shift : STEP_MM.plain) / length;
    this.handler.onSet(ear, ontoPlane(along(center, direction, step), this.plane()));
  }

  private centerOf(ear: EarSide): Vector3 | undefined {
    return this.crops.find((crop) => crop.ear === ear)?.center;
  }

  private plane(): Plane {
    const { focalPoint, viewPlaneNormal } = this.viewport.getCamera();
    return { point: [...focalPoint], normal: [...viewPlaneNormal] };
  }

  private worldAt(event: { clientX: number; clientY: number }): Vector3 {
    const { left, top } = this.viewport.element.getBoundingClientRect();
    return this.viewport.canvasToWorld([event.clientX - left, event.clientY - top]);
  }
}

function keepFromViewer(event: Event): void {
  if (event instanceof MouseEvent && event.button !== 0) return;
  event.stopPropagation();
  // The label keeps the focus that the drag gave it.
  if (event.type === 'mousedown') event.preventDefault();
}
