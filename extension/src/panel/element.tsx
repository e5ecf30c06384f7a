import { createRoot, type Root } from 'react-dom/client';
import { getHydropsService } from '../state/HydropsService';
import { isUndoKey } from '../state/undoKeys';
import { HydropsPanel } from './HydropsPanel';
import { STYLES } from './styles';

const PANEL_TAG = 'inner-ear-hydrops-panel';

/**
 * Registers the panel's custom element, once. An element renders in any host, whatever React it
 * has, since it holds its own; the shadow root keeps the host's style sheet out.
 */
export function definePanelElement(): void {
  if (customElements.get(PANEL_TAG)) return;

  class HydropsPanelElement extends HTMLElement {
    private root: Root | null = null;

    connectedCallback(): void {
      const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
      shadow.replaceChildren();
      const style = document.createElement('style');
      style.textContent = STYLES;
      const container = document.createElement('div');
      shadow.append(style, container);
      this.root = createRoot(container);
      this.root.render(<HydropsPanel service={getHydropsService()} />);
      for (const type of KEY_EVENTS) this.addEventListener(type, stop);
    }

    disconnectedCallback(): void {
      for (const type of KEY_EVENTS) this.removeEventListener(type, stop);
      const { root } = this;
      this.root = null;
      // The host may remove the element while its own React renders; unmounting waits for that.
      queueMicrotask(() => root?.unmount());
    }
  }

  customElements.define(PANEL_TAG, HydropsPanelElement);
}

// Keys pressed in the panel belong to its controls, not to the viewer's hotkeys (arrows scroll images), but for those that
// take back what was done in it.
const KEY_EVENTS = ['keydown', 'keypress', 'keyup'];
const stop = (event: Event) => {
  const isUndo = event instanceof KeyboardEvent && isUndoKey(event, event.composedPath()[0]);
  if (!isUndo) event.stopPropagation();
};
