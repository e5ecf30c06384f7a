import type { Measurement } from '@inner-ear-hydrops/core';
import type { HydropsState } from '../state';
import { run, type PanelService } from './service';
import { ROWS } from './words';

interface Props {
  state: HydropsState;
  measurement: Measurement;
  sliceNumber(k: number): number;
  service: PanelService;
}

/** The slices on which the area ratio is read, each of which the reader can move. */
export function RepresentativeSlices({ state, measurement, sliceNumber, service }: Props) {
  // The viewport may count against the grid: "next" is always the higher number shown.
  const up = sliceNumber(1) >= sliceNumber(0) ? 1 : -1;
  const count = state.sliceNumbers?.length ?? Infinity;
  const rows = ROWS.flatMap((row) => {
    const organ = measurement.ears[row.ear]?.[row.organ];
    const slice = state.representativeSlices[row.ear]?.[row.organ] ?? organ?.area?.slice;
    return organ && slice !== undefined ? [{ ...row, slice }] : [];
  });
  if (rows.length === 0) return null;
  return (
    <fieldset className="slices">
      <legend>Representative slices</legend>
      {rows.map(({ ear, organ, label, slice }) => {
        const step = (by: number) => {
          const next = slice + by;
          if (next >= 0 && next < count) {
            void run(service, 'setRepresentativeSlice', { ear, organ, slice: next });
          }
        };
        return (
          <div key={label} className="slice-row" role="group" aria-label={`${label}, slice`}>
            <span>{label}</span>
            <button type="button" aria-label={`Previous slice, ${label}`} onClick={() => step(-up)}>
              ‹
            </button>
            <output aria-live="polite">{sliceNumber(slice)}</output>
            <button type="button" aria-label={`Next slice, ${label}`} onClick={() => step(up)}>
              ›
            </button>
          </div>
        );
      })}
    </fieldset>
  );
}
