import { useState, type MouseEvent } from 'react';
import { EARS, EAR_SIDES, type Vector3 } from '@inner-ear-hydrops/core';
import type { HydropsState } from '../state/HydropsState';
import { ReaderMark } from './ReaderMark';
import { run, type PanelService } from './service';

const PLACES = EAR_SIDES.map((ear) => ({ ear, label: `${EARS[ear].label} ear` }));

/**
 * Where the network looks for each ear: found by itself, or set by the reader where it was missed. Open,
 * it shows the crops on the images.
 */
export function EarPositions({ state, service }: { state: HydropsState; service: PanelService }) {
  const isSet = PLACES.some(({ ear }) => state.earCenters[ear]);
  const [open, setOpen] = useState(
    isSet || state.cropsShown || state.problem?.code === 'no-ear-found'
  );
  const show = (shown: boolean) => void run(service, 'showEarCrops', { shown });
  const toggle = (event: MouseEvent) => {
    event.preventDefault();
    setOpen(!open);
    show(!open);
  };
  return (
    <details open={open}>
      <summary onClick={toggle}>
        Ear positions: {isSet ? 'set by the reader' : 'found automatically'}
      </summary>
      <label className="part">
        <input
          type="checkbox"
          checked={state.cropsShown}
          onChange={(event) => show(event.target.checked)}
        />
        Show crops on the images
      </label>
      <p className="caption">
        Each square is what the network sees of an ear
        {state.cropSize && `, ${state.cropSize[0]} × ${state.cropSize[1]} mm`}. Where an ear is
        missed, scroll to the slice through its middle and drag its square there, by edge or label
        (arrow keys: 1 mm, with Shift 5 mm; Escape cancels a drag). The slice on which you drag
        becomes the middle slice of the crop. Or bring the ear to the middle of the MRC image and
        press Set here. Then Compute EH.
      </p>
      {PLACES.map(({ ear, label }) => {
        const center = state.earCenters[ear];
        const found = state.foundEars[ear];
        return (
          <div key={ear} role="group" aria-label={`${label}, position`}>
            <div className="slice-row">
              <span>
                {label}: {center ? position(center) : 'automatic'}
              </span>
              <button
                type="button"
                aria-label={`Set here, ${label}`}
                onClick={() => void run(service, 'setEarCenter', { ear })}
              >
                Set here
              </button>
            </div>
            {center && (
              <ReaderMark
                what={`position, ${label}`}
                automatic={found ? position(found) : null}
                onReset={() => void run(service, 'setEarCenter', { ear, center: null })}
              />
            )}
          </div>
        );
      })}
    </details>
  );
}

/** As anatomists say it, from LPS millimetres. */
function position([x, y, z]: Vector3): string {
  const part = (value: number, positive: string, negative: string) =>
    `${value >= 0 ? positive : negative} ${Math.abs(value).toFixed(0)}`;
  return `${part(x, 'L', 'R')}, ${part(y, 'P', 'A')}, ${part(z, 'S', 'I')} mm`;
}
