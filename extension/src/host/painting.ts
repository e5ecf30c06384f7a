import type { HostServices, Subscription } from './types';

/** Cornerstone's own events on a viewport's element, told before its tools are (both hosts). */
const PRESSED = ['CORNERSTONE_TOOLS_MOUSE_DOWN', 'CORNERSTONE_TOOLS_TOUCH_START'];
const MOVED = 'CORNERSTONE_TOOLS_MOUSE_MOVE';
const PRIMARY = 1;

export type BrushShape = 'circle' | 'sphere';

/** What is listened to: the tool in the reader's hand, on one viewport. */
export interface Painting {
  /** Whether brush and eraser can change the labels on a viewport. @param shape 'sphere' paints on several images */
  canPaint(viewportId: string, shape: BrushShape): boolean;
  /** The reader has begun to paint where that changes nothing. */
  onRefused(viewportId: string): void;
}

/**
 * Keeps brush and eraser from viewports where they cannot paint: the viewer would do nothing there without a word, or
 * throw and show "Something went wrong" (both hosts). Their circle is not drawn there either. Other tools are left alone.
 */
export function watchPainting(
  { toolGroupService }: Pick<HostServices, 'toolGroupService'>,
  { canPaint, onRefused }: Painting
): Subscription {
  const listening = new AbortController();
  const keepFrom = (event: Event): string | null => {
    const { viewportId, mouseButton = PRIMARY } =
      (event as CustomEvent<Detail | null>).detail ?? {};
    if (!viewportId || mouseButton !== PRIMARY) return null;
    const shape = shapeInHand(toolGroupService, viewportId);
    if (!shape || canPaint(viewportId, shape)) return null;
    event.stopImmediatePropagation();
    event.preventDefault();
    return viewportId;
  };
  const options = { capture: true, signal: listening.signal };
  for (const name of PRESSED) {
    document.addEventListener(
      name,
      (event) => {
        const viewportId = keepFrom(event);
        if (viewportId) onRefused(viewportId);
      },
      options
    );
  }
  document.addEventListener(MOVED, keepFrom, options);
  return { unsubscribe: () => listening.abort() };
}

interface Detail {
  viewportId?: string;
  /** Of the mouse alone: the buttons that are down, as in `MouseEvent.buttons`. */
  mouseButton?: number;
}

/** Of the tool with the size of a brush that the primary button holds; null of another tool. */
function shapeInHand(
  toolGroupService: HostServices['toolGroupService'],
  viewportId: string
): BrushShape | null {
  const group = toolGroupService.getToolGroupForViewport(viewportId);
  const tool = group?.getActivePrimaryMouseButtonTool();
  const configuration = tool ? group?.getToolInstance(tool)?.configuration : undefined;
  if (configuration?.brushSize === undefined) return null;
  return configuration.activeStrategy?.includes('SPHERE') ? 'sphere' : 'circle';
}
