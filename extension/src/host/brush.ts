import { cornerstoneTools } from './cornerstone';
import type { HostServices } from './types';

type Host = Pick<HostServices, 'toolGroupService' | 'toolbarService' | 'viewportGridService'>;

/**
 * Radius of brush and eraser, mm. The tools hold it, and the limits too (mode/src/brush.ts gives them both);
 * the toolbar's field is told to read it again after every change.
 */
export class Brush {
  constructor(private readonly host: Host) {}

  /** mm; null where no tool group has a brush. */
  radius(): number | null {
    const { getBrushSizeForToolGroup } = cornerstoneTools().utilities.segmentation;
    for (const id of this.host.toolGroupService.getToolGroupIds()) {
      const radius = getBrushSizeForToolGroup(id);
      if (radius !== undefined) return radius;
    }
    return null;
  }

  /** @param radius mm; each tool keeps to its own limits. What is no number changes nothing. */
  setRadius(radius: number): void {
    if (Number.isFinite(radius)) {
      const { setBrushSizeForToolGroup } = cornerstoneTools().utilities.segmentation;
      for (const id of this.host.toolGroupService.getToolGroupIds()) {
        setBrushSizeForToolGroup(id, radius);
      }
    }
    const viewportId = this.host.viewportGridService.getState().activeViewportId;
    this.host.toolbarService.refreshToolbarState({ viewportId });
  }

  /** @param by mm, negative to make it smaller. */
  changeRadius(by: number): void {
    const radius = this.radius();
    if (radius !== null) this.setRadius(radius + by);
  }
}
