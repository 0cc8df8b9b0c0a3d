import { formatFixed } from '@trancendos/ui';

/** A share in percent (0 to 100) with its sign; `–` of nothing. */
export function formatPercent(percent: number | null): string {
  return percent === null ? '–' : `${formatFixed(percent, 1)} %`;
}
