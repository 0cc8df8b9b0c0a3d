import type { FeatureCatalogue } from '@trancendos/contracts/scoring-http';
import type { FeedItem } from '@trancendos/contracts/socket';
import type { SeededRandom } from './seeded-random.ts';

type Feature = FeatureCatalogue['features'][number];

export const FEATURE_SET = 'luminous-12@mock01';

const about = (name: string, unit: Feature['unit'], group: Feature['group'], description: string): Feature => ({
  name,
  entity: group === 'terminal' ? 'terminal' : 'customer',
  unit,
  windowDays: Number(/(\d+)day/.exec(name)?.[1] ?? 0) || null,
  default: 0,
  group,
  formula: '',
  description,
});

/** A part of what the real models read, under the same names. */
const FEATURES: readonly Feature[] = [
  about('tx_amount', 'major', 'amount', 'Amount in units of its currency; currencies are not converted into each other.'),
  about('customer_id_nb_tx_1day_window', 'count', 'velocity', 'How often the payer has paid within 1 days.'),
  about('customer_id_nb_tx_30day_window', 'count', 'velocity', 'How often the payer has paid within 30 days.'),
  about('customer_days_since_last', 'days', 'velocity', 'How long ago the payer last paid.'),
  about(
    'terminal_id_nb_tx_30day_window',
    'count',
    'terminal',
    'How many payments the terminal took within 30 days, up to the label delay.',
  ),
  about('terminal_id_risk_7day_window', 'share', 'terminal', 'What share of the terminal’s payments within 7 days is known as fraud.'),
  about('terminal_id_risk_30day_window', 'share', 'terminal', 'What share of the terminal’s payments within 30 days is known as fraud.'),
  about('terminal_compromise_log_odds', 'log_odds', 'terminal', 'How likely the terminal is compromised at present.'),
  about('customer_usual_amount', 'major', 'customer', 'What the payer usually pays; single large payments do not move it.'),
  about('customer_amount_to_usual', 'ratio', 'customer', 'This amount by the usual one.'),
  about('customer_spell_log_odds', 'log_odds', 'customer', 'How likely the card is stolen at present.'),
  about('tx_during_night', 'flag', 'time', 'Whether it happened at night.'),
];

/** Answer of `/api/scoring/v1/features`. */
export const FEATURE_CATALOGUE: FeatureCatalogue = { feature_set: FEATURE_SET, features: [...FEATURES] };

/** Values that fit the payment, in the order of the catalogue. */
export function drawFeatures({ amount_minor, score, occurred_at }: FeedItem, random: SeededRandom): number[] {
  const amount = amount_minor / 100;
  const usual = Math.round((100 * amount) / (score >= 180 ? random.whole(3, 9) : 0.7 + random.next())) / 100;
  const payments = random.whole(20, 90);
  const today = score >= 180 ? random.whole(2, 8) : random.whole(1, 3);
  const risk = score >= 180 ? random.next() * 0.3 : 0;
  const odds = Math.log((score + 1) / (1_001 - score));
  return [
    amount,
    today,
    payments,
    random.next() * 2,
    random.whole(30, 160),
    risk,
    risk / 2,
    odds - 2,
    usual,
    usual === 0 ? 1 : amount / usual,
    odds - 1,
    new Date(occurred_at).getUTCHours() <= 6 ? 1 : 0,
  ];
}
