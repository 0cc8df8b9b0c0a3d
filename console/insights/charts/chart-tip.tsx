export interface TipLine {
  readonly label: string;
  readonly value: string;
}

/** What is said of the place that the mouse, or the keyboard, stands on. */
export function ChartTip({ title, lines }: { readonly title: string; readonly lines: readonly TipLine[] }) {
  return (
    <div className="insights-tip num">
      <strong>{title}</strong>
      <dl>
        {lines.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
