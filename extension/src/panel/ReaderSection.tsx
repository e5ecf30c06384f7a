import { EAR_SIDES } from '@inner-ear-hydrops/core';
import { useId, useState } from 'react';
import type { EarSide } from '@inner-ear-hydrops/core';
import { EAR_FIELDS, findingTexts, STUDY_FIELDS, type EarField } from '../state/findingFields';
import { isHeld } from '../state/held';
import type { HydropsState } from '../state/HydropsState';
import { HELD_ID } from './Held';
import { run, type PanelService } from './service';

interface Props {
  state: HydropsState;
  service: PanelService;
}

/** What the reader sees and no software fills in; stored with the result and printed in the report. */
export function ReaderSection({ state, service }: Props) {
  const { findings } = state;
  const held = isHeld(state);
  const stated = Object.keys(findingTexts(findings)).length;
  const set = (field: string, value: string, ear?: EarSide) =>
    void run(service, 'setReaderField', { field, value, ...(ear ? { ear } : {}) });
  return (
    <>
      <details>
        <summary>
          Reader&rsquo;s findings
          {stated > 0 && <span className="badge">{stated}</span>}
        </summary>
        <table aria-label="Reader's findings" className="findings">
          <thead>
            <tr>
              <th scope="col">
                <span className="hidden">Finding</span>
              </th>
              <th scope="col">Left ear</th>
              <th scope="col">Right ear</th>
            </tr>
          </thead>
          <tbody>
            {EAR_FIELDS.map((field) => (
              <tr key={field.key}>
                <th scope="row">{field.label}</th>
                {EAR_SIDES.map((ear) => (
                  <td key={ear}>
                    <EarSelect
                      field={field}
                      ear={ear}
                      held={held}
                      value={findings[ear][field.key]}
                      onChange={(value) => set(field.key, value, ear)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {STUDY_FIELDS.map(({ key, label }) => (
          <TextField
            key={key}
            label={label}
            value={findings[key]}
            held={held}
            long={key === 'impression'}
            onChange={(value) => set(key, value)}
          />
        ))}
        <TextField
          label="Reader"
          value={findings.reader}
          held={held}
          onChange={(value) => set('reader', value)}
        />
        <p className="caption">
          These grades are your own. The suggested grade is never entered for you.
        </p>
      </details>
      <ReportButtons service={service} />
    </>
  );
}

function EarSelect(props: {
  field: EarField;
  ear: EarSide;
  value: string;
  held: boolean;
  onChange(value: string): void;
}) {
  const { field, ear, value, held, onChange } = props;
  return (
    <select
      aria-label={`${field.label}, ${ear} ear`}
      value={value}
      disabled={held}
      aria-describedby={held ? HELD_ID : undefined}
      onChange={(event) => onChange(event.target.value)}
    >
      {field.values.map((option) => (
        <option key={option} value={option}>
          {option === '' ? '–' : option}
        </option>
      ))}
    </select>
  );
}

/** Text goes out with every key: what stands in the field is what is kept, also if the page is left from there. */
function TextField(props: {
  label: string;
  value: string;
  held: boolean;
  long?: boolean;
  onChange(value: string): void;
}) {
  const { label, value, held, long = false, onChange } = props;
  const id = useId();
  const shared = {
    id,
    value,
    readOnly: held,
    'aria-describedby': held ? HELD_ID : undefined,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  return (
    <div className="field text">
      <label htmlFor={id}>{label}</label>
      {long ? <textarea rows={3} {...shared} /> : <input type="text" {...shared} />}
    </div>
  );
}

function ReportButtons({ service }: { service: PanelService }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const text = await run(service, 'exportHydropsReport', { format: 'text' });
    if (typeof text !== 'string') return;
    setCopied(true);
    setTimeout(() => setCopied(false), 4000);
  };
  return (
    <div className="actions">
      <button type="button" onClick={() => void copy()}>
        Copy report text
      </button>
      <button
        type="button"
        onClick={() => void run(service, 'exportHydropsReport', { format: 'print' })}
      >
        Print report
      </button>
      <span className="reason" aria-live="polite">
        {copied ? 'Copied.' : ''}
      </span>
    </div>
  );
}
