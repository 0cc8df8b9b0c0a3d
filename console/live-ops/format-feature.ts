import type { FeatureCatalogue } from '@trancendos/contracts/scoring-http';
import { formatCount, formatFixed, formatShare, formatSigned } from '@trancendos/ui';

type Unit = FeatureCatalogue['features'][number]['unit'];
interface Words {
  readonly yes: string;
  readonly no: string;
  readonly days: (days: string) => string;
}

const EXACT_DIGITS = 3;

/** A feature's value in its unit. Log-odds are followed by what they are as a share. `countDecimals`: for counts that are averages. */
export function formatFeature(value: number, unit: Unit | undefined, words: Words, countDecimals = 0): string {
  switch (unit) {
    case 'major':
      return formatFixed(value, 2);
    case 'count':
      return countDecimals === 0 ? formatCount(Math.round(value)) : formatFixed(value, countDecimals);
    case 'share':
      return formatShare(value, 1);
    case 'flag':
      return value === 1 ? words.yes : words.no;
    case 'ratio':
      return `${formatFixed(value, 2)} ×`;
    case 'days':
      return words.days(formatFixed(value, 1));
    case 'log_odds':
      return `${formatSigned(value)} · ${formatShare(1 / (1 + Math.exp(-value)), 1)}`;
    case undefined:
      return formatFixed(value, EXACT_DIGITS);
  }
}
