import { hasChosenSlices } from '../state/imageStack';
import type { HydropsState } from '../state/HydropsState';
import { ConfirmButton } from './ConfirmButton';
import { EarPositions } from './EarPositions';
import { run, type PanelService } from './service';
import { STAGES } from './words';

/** Compute EH; while it runs, how far it is and Cancel. */
export function ComputeSection({ state, service }: { state: HydropsState; service: PanelService }) {
  const running = state.status === 'running';
  const unsavedEdits = (state.edited || hasChosenSlices(state)) && state.save.status !== 'saved';
  return (
    <section aria-label="Computation">
      <ConfirmButton
        className="primary wide"
        disabled={running || state.studyInstanceUid === null}
        question={
          unsavedEdits
            ? 'Computing again replaces your edits and slices, which are not saved.'
            : null
        }
        confirmLabel="Compute again"
        onConfirm={() => void run(service, 'computeHydrops')}
      >
        Compute EH
      </ConfirmButton>
      {running && <ProgressRow state={state} service={service} />}
      {!running && state.studyInstanceUid !== null && (
        <EarPositions state={state} service={service} />
      )}
    </section>
  );
}

function ProgressRow({ state, service }: { state: HydropsState; service: PanelService }) {
  const value = Math.round((state.progress?.fraction ?? 0) * 100);
  const stage = state.progress ? STAGES[state.progress.stage] : 'Starting';
  return (
    <div className="progress">
      <div className="progress-words">
        <span>{stage}…</span>
        <span aria-hidden="true">{value} %</span>
      </div>
      <div className="progress-row">
        <div
          role="progressbar"
          aria-label="Computing EH"
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
    </div>
  );
}
