import type { HydropsState } from '../state';
import { run, type PanelService } from './service';
import { dateTime } from './words';

/** Results that the archive already holds for this study, each with Restore. */
export function StoredResults({ state, service }: { state: HydropsState; service: PanelService }) {
  if (state.storedResults.length === 0) return null;
  return (
    <section aria-label="Stored results">
      <h2>Stored results</h2>
      <ul className="stored">
        {state.storedResults.map((result) => {
          const { seriesInstanceUid, sopInstanceUid } = result;
          const when = dateTime(result.created);
          return (
            <li key={sopInstanceUid}>
              <span>
                {result.label || 'Result'}
                <span className="reason">
                  {when}, {result.edited ? 'edited' : 'AI result'}
                  {result.model && `, ${result.model.name} ${result.model.version}`}
                </span>
              </span>
              <button
                type="button"
                aria-label={`Restore the result of ${when}`}
                aria-disabled={state.status === 'running'}
                onClick={() => {
                  if (state.status === 'running') return;
                  run(service, 'loadHydropsResults', { seriesInstanceUid, sopInstanceUid });
                }}
              >
                Restore
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
