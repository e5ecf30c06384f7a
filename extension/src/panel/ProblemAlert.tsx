import type { Problem } from '../state/HydropsState';
import { run, type PanelService } from './service';

interface Props {
  problem: Problem;
  /** A failed store must not lose the result: it can be downloaded instead. */
  canDownload: boolean;
  service: PanelService;
}

/** What went wrong, what to do about it, and the button that tries again. */
export function ProblemAlert({ problem, canDownload, service }: Props) {
  const { retry } = problem;
  return (
    <div className="problem" role="alert" data-code={problem.code}>
      <p className="problem-message">{problem.message}</p>
      {problem.remedy && <p>{problem.remedy}</p>}
      {(retry || canDownload) && (
        <div className="actions">
          {retry && (
            <button type="button" onClick={() => service.runCommand(retry)}>
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
