import { locale, type Locale } from './locale.ts';

const formats = new Map<string, Intl.NumberFormat>();

/** A count with its thousands set apart: `8,412,907`; in French `8 412 907`. */
export function formatCount(count: number | bigint): string {
  return formatOf(0, true).format(count);
}

/** Milliseconds without their unit, as exact as the eye can use: `0.42`, `14.2`, `1,204`. */
export function formatMs(ms: number): string {
  if (ms >= 1_000) return formatCount(Math.round(ms));
  return formatFixed(ms, ms >= 100 ? 0 : ms >= 1 ? 1 : 2);
}

/** A number with a fixed count of decimals: `14.20`; in French `14,20`. */
export function formatFixed(value: number, decimals: number): string {
  return formatOf(decimals, false).format(value);
}

/** A part of a whole: `94.1 %`; `–` of nothing. */
export function formatShare(part: number, whole: number): string {
  return whole === 0 ? '–' : `${formatFixed((100 * part) / whole, 1)} %`;
}

/** A signed contribution with a true minus: `+2.9`, `−0.5`. */
export function formatSigned(value: number): string {
  return `${value < 0 ? '−' : '+'}${formatFixed(Math.abs(value), Math.abs(value) < 0.1 ? 2 : 1)}`;
}

function formatOf(decimals: number, isGrouped: boolean): Intl.NumberFormat {
  const language: Locale = locale.get();
  const key = `${language} ${decimals} ${isGrouped}`;
  const known = formats.get(key);
  if (known) return known;
  const format = new Intl.NumberFormat(language, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    useGrouping: isGrouped,
  });
  formats.set(key, format);
  return format;
}
