import type { EarFinding, EarSide, Geometry, Vector3 } from '@inner-ear-hydrops/core';
import { sliceGeometries } from '@inner-ear-hydrops/core/dicom';
import { onImageDrawn } from '../host/events';
import { isInFrameOf, showsImages, type ViewportServices } from '../host/viewports';
import type { DisplaySet } from '../host/types';
import type { HydropsState } from '../state/HydropsState';
import { CropLayer, type CropHandler } from './CropLayer';
import { axialGrid, cropPlaces, type Crop } from './cropPlaces';

export interface EarCropsParts {
  services: ViewportServices;
  state: { getState(): HydropsState; subscribe(listener: () => void): () => void };
  mrc(): DisplaySet | undefined;
  /** The ears of the result on the screen. */
  computed(): EarFinding[];
  /** The reader has let a crop go. @param center LPS mm */
  onSet(ear: EarSide, center: Vector3): void;
}

/**
 * The ears' crops on every viewport whose images lie in MRC's frame of reference: MRC, PPI, PEI and what
 * is derived from them, as stacks or reformatted. A crop that is dragged moves on all of them; letting it
 * go places the ear.
 */
export class EarCrops implements CropHandler {
  private readonly layers = new Map<string, CropLayer>();
  private endings: (() => void)[] = [];
  private dragged: { ear: EarSide; center: Vector3 } | null = null;
  private grid: { displaySet: DisplaySet; axial: Geometry | null } | null = null;

  constructor(private readonly parts: EarCropsParts) {}

  show(): void {
    if (this.endings.length > 0) return;
    const drawn = onImageDrawn((viewportId) => this.draw(viewportId));
    this.endings = [() => drawn.unsubscribe(), this.parts.state.subscribe(() => this.drawAll())];
    this.drawAll();
  }

  hide(): void {
    for (const ending of this.endings.splice(0)) ending();
    this.removeLayers();
    this.grid = null;
  }

  onDrag(ear: EarSide, center: Vector3): void {
    this.dragged = { ear, center };
    this.drawAll();
  }

  onSet(ear: EarSide, center: Vector3): void {
    this.dragged = null;
    this.parts.onSet(ear, center);
  }

  onCancel(): void {
    this.dragged = null;
    this.drawAll();
  }

  private drawAll(): void {
    if (!this.isShown()) return;
    // While a computation runs, the crops that it uses are settled.
    if (this.parts.state.getState().status === 'running') return this.removeLayers();
    const { viewports } = this.parts.services.viewportGridService.getState();
    for (const viewportId of this.layers.keys()) {
      if (!viewports.has(viewportId)) this.removeLayer(viewportId);
    }
    for (const viewportId of viewports.keys()) this.draw(viewportId);
  }

  private draw(viewportId: string): void {
    if (!this.isShown() || this.parts.state.getState().status === 'running') return;
    const mrc = this.parts.mrc();
    const axial = mrc ? this.axialOf(mrc) : null;
    const { services } = this.parts;
    const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
    const { cropSize } = this.parts.state.getState();
    // Until the model is loaded nobody knows what it sees.
    if (
      !mrc ||
      !axial ||
      !cropSize ||
      !showsImages(viewport) ||
      !isInFrameOf(services, viewport, mrc)
    ) {
      return this.removeLayer(viewportId);
    }
    if (this.layers.get(viewportId)?.belongsTo(viewport) === false) this.removeLayer(viewportId);
    const layer = this.layers.get(viewportId) ?? new CropLayer(viewport, this);
    this.layers.set(viewportId, layer);
    layer.draw(viewport, this.crops(axial), cropSize, axial.direction);
  }

  private isShown(): boolean {
    return this.endings.length > 0;
  }

  private crops(axial: Geometry): Crop[] {
    const { earCenters } = this.parts.state.getState();
    const computed = this.parts.computed();
    const { dragged } = this;
    return cropPlaces(earCenters, computed, axial).map((crop) =>
      dragged?.ear === crop.ear ? { ...crop, center: dragged.center, origin: 'set' } : crop
    );
  }

  /** From the headers, once for each series; null where they describe no stack. */
  private axialOf(mrc: DisplaySet): Geometry | null {
    if (this.grid?.displaySet !== mrc) {
      this.grid = { displaySet: mrc, axial: gridOf(mrc) };
    }
    return this.grid.axial;
  }

  private removeLayers(): void {
    for (const viewportId of [...this.layers.keys()]) this.removeLayer(viewportId);
  }

  private removeLayer(viewportId: string): void {
    const layer = this.layers.get(viewportId);
    // First out of the list: ending a drag draws again.
    this.layers.delete(viewportId);
    layer?.remove();
  }
}

function gridOf(displaySet: DisplaySet): Geometry | null {
  try {
    const instances = displaySet.instances ?? displaySet.images ?? [];
    return axialGrid(instances.flatMap((instance) => sliceGeometries(instance)));
  } catch {
    // Images without a place in the patient: computing refuses them, with the reason.
    return null;
  }
}
