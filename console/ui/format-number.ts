const grouped = new Intl.NumberFormat('en');

/** A count with its thousands set apart: `8,412,907`. */
export function formatCount(count: number): string {
  return grouped.format(count);
}

/** Milliseconds without their unit, as exact as the eye can use: `0.42`, `14.2`, `1,204`. */
export function formatMs(ms: number): string {
  if (ms >= 1_000) return formatCount(Math.round(ms));
  if (ms >= 100) return String(Math.round(ms));
  return ms >= 1 ? ms.toFixed(1) : ms.toFixed(2);
}

/** A part of a whole: `94.1 %`; `–` of nothing. */
export function formatShare(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}

/** A signed contribution with a true minus: `+2.9`, `−0.5`. */
export function formatSigned(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(Math.abs(value) < 0.1 ? 2 : 1)}`;
}
