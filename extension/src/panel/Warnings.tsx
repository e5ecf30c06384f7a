import { useRef } from 'react';
import { EARS, warningSentence, warningWords, type Warning } from '@inner-ear-hydrops/core';
import { list } from './words';

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

/** How many there are and what about, in one line that leads to them: they stand below what they are about. */
export function CountedWarnings({ warnings, label }: { warnings: Warning[]; label: string }) {
  const line = useRef<HTMLParagraphElement>(null);
  if (warnings.length === 0) return null;
  const inBrief = [...new Set(warnings.map(briefly))];
  const show = () => {
    const root = line.current?.getRootNode() as ParentNode | undefined;
    const found = root?.querySelector(`[aria-label="${label}"]`);
    found?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <p className="hint counted" ref={line}>
      <button type="button" className="link" onClick={show}>
        {warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`}
      </button>
      : {list(inBrief)}.
    </p>
  );
}

function briefly({ code, ear }: Warning): string {
  return `${warningWords(code)}${ear ? ` (${EARS[ear].label.toLowerCase()})` : ''}`;
}
