import type { HydropsState } from '../state/HydropsState';
import { ConfirmButton } from './ConfirmButton';
import { EarPositions } from './EarPositions';
import { ProblemAlert } from './ProblemAlert';
import { replaceQuestion } from './replaceQuestion';
import { run, type PanelService } from './service';
import { list, missingRoles, roleLabel } from './words';

/** Id of the words that say that no series is there, which stand above. */
export const NO_SERIES_ID = 'no-series';
const REASON_ID = 'cannot-compute';

/** Compute EH, with the reason beside it where it cannot be pressed, and what went wrong. */
export function ComputeSection({ state, service }: { state: HydropsState; service: PanelService }) {
  const running = state.status === 'running';
  const missing = missingRoles(state);
  const noSeries = state.series.length === 0;
  const cannot = noSeries || missing.length > 0 || state.studyInstanceUid === null;
  const replaces = replaceQuestion(state, 'computed');
  const missed = state.problem?.code === 'no-ear-found';
  return (
    <section aria-label="Computation">
      <ConfirmButton
        className="primary wide"
        disabled={running || cannot}
        describedBy={noSeries ? NO_SERIES_ID : cannot ? REASON_ID : undefined}
        question={replaces?.question ?? null}
        confirmLabel="Compute again"
        declineLabel="Go back"
        onConfirm={() => void run(service, 'computeHydrops', replaces?.options)}
      >
        Compute EH
      </ConfirmButton>
      {cannot && !noSeries && (
        <p className="hint why" id={REASON_ID}>
          {missing.length > 0
            ? `${list(missing.map((role) => roleLabel(role, state.method)))} ${missing.length > 1 ? 'are' : 'is'} missing.`
            : 'No study is open.'}
        </p>
      )}
      <ProblemAlert state={state} at="compute" service={service} />
      {state.studyInstanceUid !== null && (
        <EarPositions key={missed ? 'missed' : 'found'} state={state} service={service} />
      )}
    </section>
  );
}
