import type { HydropsState } from '../state/HydropsState';
import { HELD_WORDS, isHeld } from '../state/held';
import { PART_NAMES } from '../state/saveParts';
import { HELD_ID } from './Held';
import { run, type PanelService } from './service';
import { STAGES } from './words';

/** What happens: progress with Cancel, or how it stands with the result. Stays in sight at the panel's lower edge. */
export function StatusBar({ state, service }: { state: HydropsState; service: PanelService }) {
  const words = statusWords(state);
  const running = state.status === 'running';
  return (
    <div className={running || words ? 'status-bar' : 'status-bar empty'}>
      {running && <ProgressRow state={state} service={service} />}
      <p className={`status ${state.saving ? 'saving' : state.save.status}`} role="status">
        {words}
      </p>
      {state.saving && !running && (
        <button type="button" onClick={() => void run(service, 'cancelSaving')}>
          Cancel
        </button>
      )}
    </div>
  );
}

function ProgressRow({ state, service }: { state: HydropsState; service: PanelService }) {
  const value = Math.round((state.progress?.fraction ?? 0) * 100);
  const stage = state.progress ? STAGES[state.progress.stage] : 'Starting';
  return (
    <>
      <div className="progress-words">
        <span>{stage}…</span>
        <span aria-hidden="true">{value} %</span>
      </div>
      <div className="progress-row">
        <div
          role="progressbar"
          aria-label="Progress"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={value}
          aria-valuetext={`${stage}, ${value} %`}
        >
          <div className="bar" style={{ width: `${value}%` }} />
        </div>
        <button type="button" onClick={() => void run(service, 'cancelHydrops')}>
          Cancel
        </button>
      </div>
      {isHeld(state) && state.measurement && (
        <p className="caption" id={HELD_ID}>
          {HELD_WORDS}
        </p>
      )}
    </>
  );
}

/** One sentence for the live region. Progress is left to the progress bar. */
function statusWords(state: HydropsState): string {
  if (state.status === 'running') return '';
  if (state.saving) return savingWords(state);
  if (state.save.message) return state.save.message;
  if (!state.measurement) return '';
  const kept = state.unsavedResults.filter(({ isOpenElsewhere }) => !isOpenElsewhere).length;
  const above = kept === 1 ? ' An unsaved result is kept' : ` ${kept} unsaved results are kept`;
  return `Result ready, not stored yet.${kept > 0 ? `${above}: see above Compute EH.` : ''}`;
}

function savingWords(state: HydropsState): string {
  const words = progressWords(state);
  if (!state.savingStalls) return words;
  const end = words.endsWith('…') ? '' : '.';
  return `${words}${end} ${state.archiveName} has not answered yet. Still waiting.`;
}

function progressWords({ saveItems }: HydropsState): string {
  const current = saveItems.find(({ status }) => status === 'storing');
  if (!current) return 'Saving…';
  const count = current.total > 1 ? ` ${current.stored} of ${current.total}` : '';
  return `Saving… ${PART_NAMES[current.part]}${count}`;
}
