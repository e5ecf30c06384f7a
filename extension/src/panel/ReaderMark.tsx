interface Props {
  /** What it is, for the button's name: "slice, Left cochlea". */
  what: string;
  /** What it would be without the reader's choice, in words also where there is nothing. */
  automatic: string;
  disabled?: boolean;
  onReset(): void;
}

/** Says that a value is the reader's, what it would be otherwise, and gives that back. */
export function ReaderMark({ what, automatic, disabled = false, onReset }: Props) {
  return (
    <span className="reader-mark">
      <span>
        <span className="badge edited">reader</span> automatic:{' '}
        <span className="whole">{automatic}</span>
      </span>
      <button
        type="button"
        className="small"
        aria-label={`Reset ${what}`}
        aria-disabled={disabled}
        onClick={() => {
          if (!disabled) onReset();
        }}
      >
        Reset
      </button>
    </span>
  );
}
