import { createRoot } from 'react-dom/client';
import { isUndoKey } from '../state/undoKeys';
import { HydropsPanel } from './HydropsPanel';
import type { PanelService } from './service';
import { STYLES } from './styles';

/**
 * Draws the panel into the shadow root of its element, with a React root of its own, and returns the function that takes
 * it away.
 */
export function showPanel(shadow: ShadowRoot, service: PanelService): () => void {
  const { host } = shadow;
  shadow.replaceChildren();
  const style = document.createElement('style');
  style.textContent = STYLES;
  const container = document.createElement('div');
  shadow.append(style, container);
  const root = createRoot(container);
  root.render(<HydropsPanel service={service} />);
  for (const type of KEY_EVENTS) host.addEventListener(type, stop);
  return () => {
    for (const type of KEY_EVENTS) host.removeEventListener(type, stop);
    // The host may remove the element while its own React renders; unmounting waits for that.
    queueMicrotask(() => root.unmount());
  };
}

// Keys pressed in the panel belong to its controls, not to the viewer's hotkeys (arrows scroll images), but for those that
// take back what was done in it.
const KEY_EVENTS = ['keydown', 'keypress', 'keyup'];
const stop = (event: Event) => {
  const isUndo = event instanceof KeyboardEvent && isUndoKey(event, event.composedPath()[0]);
  if (!isUndo) event.stopPropagation();
};
