import { useId } from 'react';
import type { Method, Role } from '@inner-ear-hydrops/core';
import type { HydropsState } from '../state';
import { run, type PanelService } from './service';
import { list, METHODS, missingRoles, roleLabel, roleName, rolesOf, seriesLabel } from './words';

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
      {rolesOf(state.method).map((role) => (
        <RoleSelect key={role} role={role} state={state} service={service} disabled={running} />
      ))}
      {missing.length > 0 && (
        <p className="hint">
          No series was recognised as {list(missing.map((role) => role.toUpperCase()))}. Choose it
          above if the study has one.
          {missing.length === 1 &&
            missing[0] === 'pei' &&
            ' Without PEI, HYDROPS2-Mi2 can be chosen as the method.'}
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
              {METHODS[method]}
            </option>
          ))}
        </select>
      </div>
    </section>
  );
}

function RoleSelect({ role, state, service, disabled }: Props & { role: Role; disabled: boolean }) {
  const id = useId();
  const chosen = state.series.find((one) => one.displaySetInstanceUID === state.roles[role]);
  return (
    <div className="field">
      <label htmlFor={id} title={roleName(role, state.method)}>
        {roleLabel(role, state.method)}
      </label>
      <select
        id={id}
        className={chosen ? undefined : 'missing'}
        value={chosen?.displaySetInstanceUID ?? ''}
        disabled={disabled}
        aria-describedby={chosen?.reason ? `${id}-reason` : undefined}
        onChange={(event) =>
          void run(service, 'setSeriesRole', { displaySetInstanceUID: event.target.value, role })
        }
      >
        <option value="" disabled>
          Choose a series
        </option>
        {state.series.map((series) => (
          <option key={series.displaySetInstanceUID} value={series.displaySetInstanceUID}>
            {seriesLabel(series)}
          </option>
        ))}
      </select>
      {chosen?.reason && (
        <span id={`${id}-reason`} className="reason" title={chosen.reason}>
          {chosen.reason}
        </span>
      )}
    </div>
  );
}
