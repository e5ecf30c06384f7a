import { PLACEHOLDER_ELEMENT, PLACEHOLDER_HANDLER } from '../id';
import type { DisplaySet } from '../host/types';

/**
 * The place of HYDROPS-Mi2 before it is computed: a display set without images whose viewport is
 * this element and says what will appear. It is not listed in the study browser.
 */
export function placeholderDisplaySet(studyInstanceUid: string): DisplaySet {
  return {
    displaySetInstanceUID: `hydrops-mi2-place-${studyInstanceUid}`,
    StudyInstanceUID: studyInstanceUid,
    SeriesInstanceUID: `hydrops-mi2-place-${studyInstanceUid}`,
    SOPClassHandlerId: PLACEHOLDER_HANDLER,
    // The host plays other modalities, such as OT, as a film.
    Modality: 'MR',
    SeriesDescription: 'HYDROPS-Mi2 (not computed yet)',
    SeriesNumber: 0,
    instances: [],
    numImageFrames: 0,
    isReconstructable: false,
    excludeFromThumbnailBrowser: true,
    madeInClient: true,
  };
}

const PLACEHOLDER_TEXT = 'HYDROPS-Mi2 appears here after Compute EH';

/** Registers the element; harmless when it already is. */
export function definePlaceholderElement(): void {
  if (typeof customElements === 'undefined' || customElements.get(PLACEHOLDER_ELEMENT)) return;
  customElements.define(
    PLACEHOLDER_ELEMENT,
    class extends HTMLElement {
      connectedCallback(): void {
        this.style.cssText =
          'display:flex;align-items:center;justify-content:center;width:100%;height:100%;' +
          'background:#000;color:#9bb8d3;font:14px/1.5 Inter,system-ui,sans-serif;text-align:center;padding:1em;box-sizing:border-box';
        this.textContent = PLACEHOLDER_TEXT;
      }
    }
  );
}
