import { describePart, LISTED_PARTS, METHODS, preventsStoring } from '@inner-ear-hydrops/core';
import { isHeld } from '../state/held';
import { outOfDate } from '../state/outOfDate';
import { PART_NAMES } from '../state/saveParts';
import { hasChosenSlices } from '../state/imageStack';
import type { HydropsState, SaveItem } from '../state/HydropsState';
import { ConfirmButton } from './ConfirmButton';
import { HELD_ID } from './Held';
import { ProblemAlert } from './ProblemAlert';
import { run, type PanelService } from './service';
import { list } from './words';

interface Props {
  state: HydropsState;
  service: PanelService;
}

/** One click stores what is chosen; what that is stands under the button. */
export function SaveSection({ state, service }: Props) {
  const { saving } = state;
  // Known since the series were checked; the reader learns it before correcting anything.
  const unplaced = state.measurement?.warnings.some(({ code }) => preventsStoring(code));
  const changes = outOfDate(state);
  const disabled = saving || unplaced === true;
  const names = LISTED_PARTS.filter((part) => state.saveParts[part]).map(
    (part) => PART_NAMES[part]
  );
  return (
    <>
      <div className="actions">
        <button
          type="button"
          className="primary"
          aria-disabled={disabled}
          aria-describedby={unplaced ? 'not-saveable' : undefined}
          onClick={() => {
            if (!disabled) void run(service, 'saveHydropsResults');
          }}
        >
          Save results
        </button>
        <button type="button" onClick={() => void run(service, 'downloadHydropsResults')}>
          Download
        </button>
        {(state.edited || hasChosenSlices(state)) && (
          <ConfirmButton
            disabled={isHeld(state)}
            describedBy={isHeld(state) ? HELD_ID : undefined}
            question="This discards your edits and slices."
            confirmLabel="Discard edits"
            onConfirm={() => void run(service, 'resetHydropsSegmentation')}
          >
            Reset to AI result
          </ConfirmButton>
        )}
      </div>
      <ProblemAlert state={state} at="save" service={service} />
      {changes.length > 0 && state.measurement && (
        <p className="hint">
          Save, Download and the report use the result shown above:{' '}
          {METHODS[state.measurement.method].label}, before the change.
        </p>
      )}
      {unplaced && (
        <p className="hint" id="not-saveable">
          Cannot be saved: MRC has no Frame of Reference UID (0020,0052). Download gives the
          measurement as JSON.
        </p>
      )}
      <details className="parts" hidden={unplaced}>
        <summary>
          Saves {names.length > 0 ? list(names) : 'nothing'} to {state.archiveName}
        </summary>
        {LISTED_PARTS.map((part) => (
          <label key={part} className="part">
            <input
              type="checkbox"
              checked={state.saveParts[part]}
              disabled={saving}
              onChange={(event) =>
                void run(service, 'setSavePart', { part, chosen: event.target.checked })
              }
            />
            <span>
              {PART_NAMES[part]}
              <span className="reason">
                {describePart(part, state.measurement?.method ?? state.method)}
              </span>
            </span>
          </label>
        ))}
      </details>
      {state.saveItems.some(({ status }) => status !== 'stored') && (
        <ul className="plain" aria-label="Stored so far">
          {state.saveItems.map((item) => (
            <li key={item.part} data-status={item.status}>
              {item.label}: {itemWords(item)}
              {item.problems.length > 0 && <Problems problems={item.problems} />}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Every object that failed, for whoever reads the archive's log. */
function Problems({ problems }: { problems: string[] }) {
  return (
    <details className="problems">
      <summary>{problems.length === 1 ? 'Why?' : `Why? (${problems.length} objects)`}</summary>
      <ul className="plain">
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </details>
  );
}

function itemWords({ status, stored, total }: SaveItem): string {
  if (status === 'stored') return 'stored';
  if (status === 'waiting') return 'not stored yet';
  const count = total > 1 ? `${stored} of ${total} stored` : '';
  if (status === 'storing') return count || 'being stored';
  return count ? `failed, ${count}` : 'failed';
}
