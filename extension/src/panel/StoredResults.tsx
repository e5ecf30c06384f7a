import type { HydropsState } from '../state/HydropsState';
import { ProblemAlert } from './ProblemAlert';
import { run, type PanelService } from './service';
import { dateTime } from './words';

/** Results that the archive already holds for this study, and segmentations of others that can be measured. */
export function StoredResults({ state, service }: { state: HydropsState; service: PanelService }) {
  const { storedResults, foreignSegmentations } = state;
  if (storedResults.length === 0 && foreignSegmentations.length === 0) return null;
  const running = state.status === 'running';
  return (
    <section aria-label="Stored results">
      <h2>Stored results</h2>
      <ProblemAlert state={state} at="stored" service={service} />
      <ul className="stored">
        {storedResults.map((result) => {
          const { seriesInstanceUid, sopInstanceUid } = result;
          const when = dateTime(result.created);
          const isShown = sopInstanceUid === state.shownStored;
          return (
            <li key={sopInstanceUid} aria-current={isShown ? 'true' : undefined}>
              <span>
                {result.label || 'Result'}
                {isShown && (
                  <>
                    {' '}
                    <span className="badge shown">
                      {state.save.status === 'saved' ? 'shown' : 'shown, changed since'}
                    </span>
                  </>
                )}
                <span className="reason">
                  {when}, {result.edited ? 'edited' : 'AI result'}
                  {result.reader && `, ${result.reader}`}
                  {result.model && `, ${result.model.name} ${result.model.version}`}
                </span>
              </span>
              <button
                type="button"
                aria-label={`Restore the result of ${when}`}
                aria-disabled={running}
                onClick={() => {
                  if (!running)
                    void run(service, 'loadHydropsResults', { seriesInstanceUid, sopInstanceUid });
                }}
              >
                Restore
              </button>
            </li>
          );
        })}
        {foreignSegmentations.map(({ seriesInstanceUid, sopInstanceUid, label, organs }) => (
          <li key={sopInstanceUid}>
            <span>
              {label}
              <span className="reason">{organs.join(', ')}; made by other software</span>
            </span>
            <button
              type="button"
              aria-label={`Use ${label} as ROI`}
              aria-disabled={running}
              onClick={() => {
                if (running) return;
                void run(service, 'useSegmentationAsRoi', {
                  seriesInstanceUid,
                  sopInstanceUid,
                  label,
                });
              }}
            >
              Use as ROI
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
