import { warningSentence, type Warning } from '@inner-ear-hydrops/core';

/** Warnings, each of which names the ear that it is about. */
export function Warnings({ warnings, label }: { warnings: Warning[]; label: string }) {
  if (warnings.length === 0) return null;
  return (
    <ul className="warnings" aria-label={label}>
      {warnings.map((warning, index) => (
        <li key={`${warning.code}-${index}`} data-code={warning.code}>
          {warningSentence(warning)}
        </li>
      ))}
    </ul>
  );
}
