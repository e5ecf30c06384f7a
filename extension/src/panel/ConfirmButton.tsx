import { useEffect, useRef, useState, type ReactNode } from 'react';

interface Props {
  children: ReactNode;
  /** Asked before `onConfirm` when set; without it the click acts at once. */
  question: string | null;
  /** What the confirming button says. */
  confirmLabel: string;
  /** What the other button says; "Keep" where absent. */
  declineLabel?: string;
  /** Name of the button where its text does not say enough. */
  label?: string;
  className?: string;
  disabled?: boolean;
  /** Id of the words that say why it is disabled. */
  describedBy?: string;
  onConfirm(): void;
}

/**
 * A button that asks in place before it throws work away. `aria-disabled` keeps the focus where
 * `disabled` would lose it.
 */
export function ConfirmButton(props: Props) {
  const { children, question, confirmLabel, className, disabled = false, onConfirm } = props;
  const { describedBy, label, declineLabel = 'Keep' } = props;
  const [asking, setAsking] = useState(false);
  const asked = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Missing where nothing is laid out, as in unit tests.
    if (asking) asked.current?.scrollIntoView?.({ block: 'nearest' });
  }, [asking]);
  const act = () => {
    setAsking(false);
    onConfirm();
  };
  return (
    <>
      <button
        type="button"
        className={className}
        aria-label={label}
        aria-disabled={disabled}
        aria-describedby={describedBy}
        onClick={() => {
          if (disabled) return;
          if (question) setAsking(true);
          else act();
        }}
      >
        {children}
      </button>
      {asking && question && !disabled && (
        <div className="question" role="group" aria-label={question} ref={asked}>
          <p role="alert">{question}</p>
          <button type="button" onClick={act}>
            {confirmLabel}
          </button>
          <button type="button" onClick={() => setAsking(false)}>
            {declineLabel}
          </button>
        </div>
      )}
    </>
  );
}
