/** Reads one value of a feature vector by its name; undefined where the set has no such feature. */
export type ReadFeature = (name: string) => number | undefined;

const MONTH_DAYS = 30;

/**
 * What is usual for the same payer or terminal, in the unit of the feature, as far as the vector itself says; undefined where it does not.
 * A window is compared with the rest of the 30 days, so that what is judged is not part of what it is judged by.
 */
export function usualOf(name: string, read: ReadFeature): number | undefined {
  const window = /^(.+)_(\d+)day_window$/.exec(name);
  if (window) return usualOfWindow(window[1] ?? '', Number(window[2]), read);
  if (name === 'tx_amount') return aboveZero(read('customer_usual_amount'));
  if (/^customer_amount_to_(usual|median|expected)$/.test(name)) return 1;
  return undefined;
}

function usualOfWindow(stem: string, days: number, read: ReadFeature): number | undefined {
  if (stem === 'customer_id_avg_amount') return aboveZero(read('customer_usual_amount'));
  if (days >= MONTH_DAYS) return undefined;
  const value = read(`${stem}_${days}day_window`);
  const month = read(`${stem}_${MONTH_DAYS}day_window`);
  if (value === undefined || month === undefined) return undefined;
  if (stem.endsWith('_risk')) return month;
  return ((month - value) / (MONTH_DAYS - days)) * days;
}

function aboveZero(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}
