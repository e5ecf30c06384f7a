import { useEffect, useRef } from 'react';
import type { HydropsState } from '../state/HydropsState';
import { run, type PanelService } from './service';

/** Where in the panel the button stands whose work has failed. */
export type ProblemPlace = 'compute' | 'save' | 'stored';

interface Props {
  state: HydropsState;
  /** Where this stands: it shows the problem of that place only. */
  at: ProblemPlace;
  service: PanelService;
}

/** What went wrong, what to do about it, and the button that tries again; brought into view where it is not. */
export function ProblemAlert({ state, at, service }: Props) {
  const { problem, measurement } = state;
  const shown = problem && placeOf(state) === at ? problem : null;
  const alert = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Missing where nothing is laid out, as in unit tests.
    if (shown) alert.current?.scrollIntoView?.({ block: 'nearest' });
  }, [shown]);
  if (!shown) return null;
  const { retry, retryOptions } = shown;
  // A failed store must not lose the result: it can be downloaded instead.
  const canDownload = retry === 'saveHydropsResults' && measurement !== null;
  return (
    <div className="problem" role="alert" data-code={shown.code} ref={alert}>
      <p className="problem-message">{shown.message}</p>
      {shown.remedy && <p>{shown.remedy}</p>}
      {(retry || canDownload) && (
        <div className="actions">
          {retry && (
            <button type="button" onClick={() => service.runCommand(retry, retryOptions)}>
              Retry
            </button>
          )}
          {canDownload && (
            <button type="button" onClick={() => void run(service, 'downloadHydropsResults')}>
              Download
            </button>
          )}
        </div>
      )}
    </div>
  );
}

/** Under Compute EH, near the top, for whatever has no other place on the screen. */
function placeOf(state: HydropsState): ProblemPlace {
  switch (state.problem?.retry) {
    case 'saveHydropsResults':
      return state.measurement ? 'save' : 'compute';
    case 'loadHydropsResults':
    case 'useSegmentationAsRoi':
      return state.storedResults.length + state.foreignSegmentations.length > 0
        ? 'stored'
        : 'compute';
    default:
      return 'compute';
  }
}
