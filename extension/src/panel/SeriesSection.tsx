import { useId } from 'react';
import { METHODS, REQUIRED_ROLES } from '@inner-ear-hydrops/core';
import type { Method, Role } from '@inner-ear-hydrops/core';
import { choicesOf } from '../state/choices';
import { INITIAL_STATE, type HydropsState } from '../state/HydropsState';
import { ReaderMark } from './ReaderMark';
import { run, type PanelService } from './service';
import { Warnings } from './Warnings';
import {
  imagesLabel,
  list,
  missingRoles,
  roleLabel,
  roleName,
  seriesLabel,
  type RoleImages,
} from './words';

interface Props {
  state: HydropsState;
  service: PanelService;
}

/** Which series plays which role, and by which method they are read. */
export function SeriesSection({ state, service }: Props) {
  const methodId = useId();
  const running = state.status === 'running';
  const missing = missingRoles(state);
  return (
    <section aria-label="Series and method">
      <h2>Series</h2>
      {REQUIRED_ROLES[state.method].map((role) => (
        <RoleSelect key={role} role={role} state={state} service={service} disabled={running} />
      ))}
      <Warnings warnings={state.roleWarnings} label="Warnings about series" />
      {missing.length > 0 && (
        <p className="hint">
          No series was found for {list(missing.map((role) => roleLabel(role, state.method)))}.
          Choose {missing.length > 1 ? 'them' : 'it'} above if the study has{' '}
          {missing.length > 1 ? 'them' : 'it'}.
          {missing.length === 1 &&
            missing[0] === 'pei' &&
            ' The method HYDROPS2-Mi2 works without PEI.'}
        </p>
      )}
      <div className="field">
        <label htmlFor={methodId}>Method</label>
        <select
          id={methodId}
          value={state.method}
          disabled={running}
          onChange={(event) =>
            void run(service, 'setHydropsMethod', { method: event.target.value as Method })
          }
        >
          {(Object.keys(METHODS) as Method[]).map((method) => (
            <option key={method} value={method}>
              {METHODS[method].label}
            </option>
          ))}
        </select>
        {choicesOf(state).method === 'reader' && (
          <ReaderMark
            what="method"
            automatic={METHODS[INITIAL_STATE.method].label}
            disabled={running}
            onReset={() => void run(service, 'resetHydropsMethod')}
          />
        )}
      </div>
    </section>
  );
}

const keyOf = ({ series, inversionTime }: RoleImages): string =>
  [series.displaySetInstanceUID, inversionTime ?? []].flat().join('@');

function RoleSelect({ role, state, service, disabled }: Props & { role: Role; disabled: boolean }) {
  const id = useId();
  const seriesOf = (uid: string | null) =>
    state.series.find((entry) => entry.displaySetInstanceUID === uid);
  const chosen = seriesOf(state.roles[role]);
  const automatic = seriesOf(state.automaticRoles[role]);
  const isReaders = choicesOf(state).roles[role] === 'reader';
  const inversionTime = state.inversionTimes[role];
  // A series that holds several inversion times may be PPI and PEI at once.
  const options = state.series.flatMap((series): RoleImages[] => [
    { series },
    ...series.inversionTimes.map((time) => ({ series, inversionTime: time })),
  ]);
  return (
    <div className="field">
      <label htmlFor={id} title={roleName(role, state.method)}>
        {roleLabel(role, state.method)}
      </label>
      <select
        id={id}
        className={chosen ? undefined : 'missing'}
        value={chosen ? keyOf({ series: chosen, inversionTime }) : ''}
        title={chosen && imagesLabel({ series: chosen, inversionTime })}
        disabled={disabled}
        aria-describedby={chosen?.reason && !isReaders ? `${id}-reason` : undefined}
        onChange={(event) => {
          const wanted = options.find((option) => keyOf(option) === event.target.value);
          if (!wanted) return;
          const { displaySetInstanceUID } = wanted.series;
          const images = { displaySetInstanceUID, inversionTime: wanted.inversionTime };
          void run(service, 'setSeriesRole', { ...images, role });
        }}
      >
        <option value="" disabled>
          Choose a series
        </option>
        {options.map((option) => (
          <option key={keyOf(option)} value={keyOf(option)}>
            {imagesLabel(option)}
          </option>
        ))}
      </select>
      {isReaders && (
        <ReaderMark
          what={`series, ${roleLabel(role, state.method)}`}
          automatic={automatic ? seriesLabel(automatic) : 'none'}
          disabled={disabled}
          onReset={() => void run(service, 'resetSeriesRole', { role })}
        />
      )}
      {chosen?.reason && !isReaders && (
        <span id={`${id}-reason`} className="reason">
          {chosen.reason}
        </span>
      )}
      {chosen && state.roundedSeries.includes(chosen.displaySetInstanceUID) && (
        <p role="note" className="hint">
          The viewer rounds the values of {seriesLabel(chosen)} for display, because their rescale
          slope or intercept is a fraction. The picture may be wrong. The measurement and
          HYDROPS-Mi2 use the stored values.
        </p>
      )}
    </div>
  );
}
