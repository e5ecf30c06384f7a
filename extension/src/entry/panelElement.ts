import { PANEL_ELEMENT } from '../id';
import type { FileFault } from './SessionFile';

/** What the element shows the panel with. */
export interface PanelSource {
  /** Draws the panel into the root and returns the function that takes it away; null until it can. */
  show(): ((root: ShadowRoot) => () => void) | null;
  fault(): FileFault | null;
  /** Whether it is still to come. */
  isComing(): boolean;
  onChange(listener: () => void): () => void;
  retry(): void;
}

/**
 * Registers the panel's custom element, once. An element renders in any host, whatever React it has; the shadow root keeps the
 * host's style sheet out. Until the panel itself is there it says what is missing, and why.
 */
export function definePanelElement(source: PanelSource): void {
  if (customElements.get(PANEL_ELEMENT)) return;
  customElements.define(
    PANEL_ELEMENT,
    class extends HTMLElement {
      private end: (() => void) | null = null;
      private stop: (() => void) | null = null;

      connectedCallback(): void {
        const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
        const draw = () => {
          if (this.end) return;
          const show = source.show();
          if (show) this.end = show(root);
          else drawWaiting(root, source);
        };
        this.stop = source.onChange(draw);
        draw();
      }

      disconnectedCallback(): void {
        this.stop?.();
        this.end?.();
        this.stop = this.end = null;
      }
    }
  );
}

const STYLE =
  'margin:0;padding:10px;font:13px/1.4 Inter,system-ui,sans-serif;color:#eef2fa;overflow-wrap:anywhere;';

function drawWaiting(root: ShadowRoot, source: PanelSource): void {
  const fault = source.fault();
  if (!fault) {
    root.replaceChildren(paragraph(source.isComing() ? 'Inner Ear Hydrops is loading …' : ''));
    return;
  }
  const alert = document.createElement('div');
  alert.setAttribute('role', 'alert');
  const retry = document.createElement('button');
  retry.type = 'button';
  retry.textContent = 'Retry';
  retry.style.cssText =
    'margin:0 10px;padding:5px 10px;font:inherit;color:#eef2fa;background:#1b2766;border:1px solid #3f52a3;border-radius:4px;cursor:pointer';
  retry.addEventListener('click', () => source.retry());
  alert.append(paragraph(fault.message, 'color:#ffd479'), paragraph(fault.remedy), retry);
  root.replaceChildren(alert);
}

function paragraph(words: string, style = ''): HTMLParagraphElement {
  const element = document.createElement('p');
  element.style.cssText = STYLE + style;
  element.textContent = words;
  return element;
}
