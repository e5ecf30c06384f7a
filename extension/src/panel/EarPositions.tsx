import { useState, type MouseEvent } from 'react';
import { EARS, EAR_SIDES, isEarLost, type EarSide, type Vector3 } from '@inner-ear-hydrops/core';
import type { HydropsState } from '../state/HydropsState';
import { ReaderMark } from './ReaderMark';
import { run, type PanelService } from './service';
import { list } from './words';

const PLACES = EAR_SIDES.map((ear) => ({ ear, label: `${EARS[ear].label} ear` }));

/**
 * Where the network looks for each ear: found by itself, or set by the reader where it was missed. Open,
 * it shows the crops on the images.
 */
export function EarPositions({ state, service }: { state: HydropsState; service: PanelService }) {
  const isSet = PLACES.some(({ ear }) => state.earCenters[ear]);
  const running = state.status === 'running';
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
      <summary onClick={toggle}>Ear positions: {summary(state)}</summary>
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
        {state.cropSize && `, ${state.cropSize[0]} × ${state.cropSize[1]} mm`}. If an ear was
        missed, scroll to the slice through its middle. Drag its square there by the edge or the
        label (arrow keys: 1 mm, with Shift 5 mm; Escape cancels). That slice becomes the middle of
        the crop. Or move the ear to the middle of the MRC image and press Set here. Then press
        Compute EH.
      </p>
      {PLACES.map(({ ear, label }) => {
        const center = state.earCenters[ear];
        const found = state.foundEars[ear];
        const missed = isMissed(state, ear);
        return (
          <div key={ear} role="group" aria-label={`${label}, position`}>
            <div className="slice-row">
              <span>
                {label}: {center ? position(center) : missed ? 'not found' : 'automatic'}
              </span>
              <button
                type="button"
                aria-label={`Set here, ${label}`}
                aria-disabled={running}
                onClick={() => {
                  if (!running) void run(service, 'setEarCenter', { ear });
                }}
              >
                Set here
              </button>
            </div>
            {center && (
              <ReaderMark
                what={`position, ${label}`}
                automatic={missed ? 'not found' : found ? position(found) : 'not known yet'}
                disabled={running}
                onReset={() => void run(service, 'setEarCenter', { ear, center: null })}
              />
            )}
          </div>
        );
      })}
    </details>
  );
}

function summary(state: HydropsState): string {
  if (EAR_SIDES.some((ear) => state.earCenters[ear])) return 'set by the reader';
  const missed = EAR_SIDES.filter((ear) => isMissed(state, ear));
  if (missed.length > 0) return `${list(missed)} ear${missed.length > 1 ? 's' : ''} not found`;
  return EAR_SIDES.every((ear) => state.foundEars[ear]) ? 'found automatically' : 'automatic';
}

/** Whether the network has looked for the ear in vain. */
function isMissed({ problem, measurement }: HydropsState, ear: EarSide): boolean {
  if (problem?.code === 'no-ear-found') return true;
  return measurement !== null && isEarLost(measurement, ear);
}

/** As anatomists say it, from LPS millimetres. */
function position([x, y, z]: Vector3): string {
  const part = (value: number, positive: string, negative: string) =>
    `${value >= 0 ? positive : negative} ${Math.abs(value).toFixed(0)}`;
  return `${part(x, 'L', 'R')}, ${part(y, 'P', 'A')}, ${part(z, 'S', 'I')} mm`;
}
