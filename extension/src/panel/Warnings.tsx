import { EARS } from '@inner-ear-hydrops/core';
import type { Warning } from '@inner-ear-hydrops/core';

/** Warnings, each with the ear that it is about. */
export function Warnings({ warnings, label }: { warnings: Warning[]; label: string }) {
  if (warnings.length === 0) return null;
  return (
    <ul className="warnings" aria-label={label}>
      {warnings.map(({ code, message, ear }, index) => (
        <li key={`${code}-${index}`} data-code={code}>
          {ear && <strong>{EARS[ear].label} ear: </strong>}
          {message}
        </li>
      ))}
    </ul>
  );
}
