import type { Vector3 } from '@inner-ear-hydrops/core';
import type { HydropsState } from '../state';
import { run, type PanelService } from './service';

const EARS = [
  { ear: 'left', label: 'Left ear' },
  { ear: 'right', label: 'Right ear' },
] as const;

/** Where the network looks for each ear: found by itself, or set by the reader where it was missed. */
export function EarPositions({ state, service }: { state: HydropsState; service: PanelService }) {
  const isSet = EARS.some(({ ear }) => state.earCenters[ear]);
  return (
    <details open={isSet || state.problem?.code === 'no-ear-found' || undefined}>
      <summary>Ear positions: {isSet ? 'set by the reader' : 'found automatically'}</summary>
      <p className="caption">
        Where an ear is missed, bring its middle to the middle of the MRC image (scroll and pan),
        press Set here, then Compute EH.
      </p>
      {EARS.map(({ ear, label }) => {
        const center = state.earCenters[ear];
        return (
          <div key={ear} className="slice-row" role="group" aria-label={`${label}, position`}>
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
            {center && (
              <button
                type="button"
                aria-label={`Automatic, ${label}`}
                onClick={() => void run(service, 'setEarCenter', { ear, center: null })}
              >
                Automatic
              </button>
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
