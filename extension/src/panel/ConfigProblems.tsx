/** Settings of the site that were not taken: for whoever runs the viewer, so that a typing error is found. */
export function ConfigProblems({ problems }: { problems: string[] }) {
  if (problems.length === 0) return null;
  const many = problems.length > 1;
  return (
    <details className="problems">
      <summary>
        {many ? `${problems.length} settings of this viewer are` : 'One setting of this viewer is'}{' '}
        wrong
      </summary>
      <ul className="warnings">
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
      <p className="reason">
        All other settings apply. Please tell the person who runs this viewer. The settings are in
        app-config.js under innerEarHydrops, or in a customization of that name.
      </p>
    </details>
  );
}
