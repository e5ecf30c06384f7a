import type { HydropsState, UnsavedResult } from '../state/HydropsState';
import { ConfirmButton } from './ConfirmButton';
import { replaceQuestion } from './replaceQuestion';
import { run, type PanelService } from './service';
import { list } from './words';
import { localDateTime } from '../state/localDateTime';

/** What this browser keeps of the study because no archive has confirmed it. */
export function UnsavedResults({ state, service }: { state: HydropsState; service: PanelService }) {
  if (state.unsavedResults.length === 0) return null;
  const replaces = replaceQuestion(state, 'opened');
  const busy = state.status === 'running' || state.saving;
  const act = (work: () => Promise<unknown>) => () => {
    if (!busy) void work();
  };
  return (
    <section aria-label="Unsaved results" className="unsaved">
      {state.unsavedResults.map((result) => {
        const { id, kind, isOpenElsewhere } = result;
        const when = localDateTime(result.created);
        return (
          <div key={id}>
            <p>
              Unsaved result of {when}
              <span className="reason">{words(result)}</span>
            </p>
            {isOpenElsewhere ? (
              <p className="hint">
                Open in another tab of this browser. Continue there, or close that tab first.
              </p>
            ) : (
              <div className="actions">
                {kind === 'save' && (
                  <button
                    type="button"
                    className="primary"
                    aria-label={`Save the unsaved result of ${when}`}
                    aria-disabled={busy}
                    onClick={act(() => run(service, 'saveUnsavedResult', { id }))}
                  >
                    Save
                  </button>
                )}
                <ConfirmButton
                  label={`Open the unsaved result of ${when}`}
                  disabled={busy}
                  question={replaces?.question ?? null}
                  confirmLabel="Open it"
                  declineLabel="Go back"
                  onConfirm={() =>
                    void run(service, 'restoreUnsavedResult', { id, ...replaces?.options })
                  }
                >
                  Open
                </ConfirmButton>
                <ConfirmButton
                  disabled={busy}
                  question={`There is no other copy of the unsaved result of ${when}.`}
                  confirmLabel="Discard it"
                  onConfirm={() => void run(service, 'discardUnsavedResult', { id })}
                >
                  Discard
                </ConfirmButton>
              </div>
            )}
          </div>
        );
      })}
    </section>
  );
}

function words({ kind, edited, changes = [], objects }: UnsavedResult): string {
  const untouched = kind === 'draft' ? 'AI result with your slices or findings' : 'AI result';
  const unnamed = edited ? 'edited by the reader' : untouched;
  const what = changes.length > 0 ? `Your changes: ${list(changes)}` : unnamed;
  if (kind === 'draft') return `${what}; kept in this browser, not stored in the archive`;
  return `${what}; ${objects === 1 ? '1 object' : `${objects} objects`} not confirmed by the archive`;
}
