import type { ResultOrigin } from '@inner-ear-hydrops/core';
import type { HydropsState } from '../state/HydropsState';
import { organsOf } from '../state/foreignSegments';
import { ConfirmButton } from './ConfirmButton';
import { ForeignSegments } from './ForeignSegments';
import { ProblemAlert } from './ProblemAlert';
import { replaceQuestion } from './replaceQuestion';
import { run, type PanelService } from './service';
import { dateTime } from './words';

const ORIGIN_WORDS: Record<ResultOrigin, string> = {
  automatic: 'AI result',
  'choices edited': 'AI result with the reader’s choices',
  edited: 'edited',
  drawn: 'drawn',
};

/** Results that the archive already holds for this study, and segmentations of others that can be measured. */
export function StoredResults({ state, service }: { state: HydropsState; service: PanelService }) {
  const { storedResults, foreignSegmentations } = state;
  if (storedResults.length === 0 && foreignSegmentations.length === 0) return null;
  const running = state.status === 'running';
  const replaces = replaceQuestion(state, 'opened');
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
                  {when}, {ORIGIN_WORDS[result.origin]}
                  {result.reader && `, ${result.reader}`}
                  {result.model && `, ${result.model.name} ${result.model.version}`}
                </span>
              </span>
              <ConfirmButton
                label={`Restore the result of ${when}`}
                disabled={running}
                question={replaces?.question ?? null}
                confirmLabel="Restore it"
                declineLabel="Go back"
                onConfirm={() =>
                  void run(service, 'loadHydropsResults', {
                    seriesInstanceUid,
                    sopInstanceUid,
                    ...replaces?.options,
                  })
                }
              >
                Restore
              </ConfirmButton>
            </li>
          );
        })}
        {foreignSegmentations.map((segmentation) => {
          const { seriesInstanceUid, sopInstanceUid, label } = segmentation;
          const assigned = state.segmentAssignments[sopInstanceUid] ?? {};
          const organs = organsOf(segmentation.segments, assigned);
          return (
            <li key={sopInstanceUid} className="foreign">
              <span>
                {label}
                <span className="reason">
                  {organs.join(', ') || 'no organ recognised'}; made by other software
                </span>
              </span>
              <ConfirmButton
                label={`Use ${label} as ROI`}
                disabled={running || organs.length === 0}
                question={replaces?.question ?? null}
                confirmLabel="Use it"
                declineLabel="Go back"
                onConfirm={() =>
                  void run(service, 'useSegmentationAsRoi', {
                    seriesInstanceUid,
                    sopInstanceUid,
                    label,
                    ...replaces?.options,
                  })
                }
              >
                Use as ROI
              </ConfirmButton>
              <ForeignSegments {...{ segmentation, assigned, service }} disabled={running} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
