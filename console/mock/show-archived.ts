import type { ArchivedDecision, ArchivedLabel, DecisionLine } from '@trancendos/contracts/archive';
import type { Outcome } from '@trancendos/contracts/outcome';
import type { FeedItem } from '@trancendos/contracts/socket';
import { makeId } from './make-id.ts';
import { FEATURE_SET, drawFeatures } from './mock-features.ts';
import { SeededRandom } from './seeded-random.ts';

/** Labels come this long after the payment, in a world that is six hours old. */
const LABEL_AFTER_MS = 45 * 60_000;
const CHARGEBACK_AFTER_MS = 130 * 60_000;
const CHANNELS = ['ecommerce', 'in_app', 'pos'] as const;
const VERSIONS = { ruleset: 'base-1@a14978', features: FEATURE_SET, lists: 'lists@4b11', policy: 'costs-2@77c0' };

/** An archived payment with everything that the archive tells of it; the same for the same payment. */
export function showArchived(item: FeedItem, nowMs: number): ArchivedDecision {
  const labels = labelsOf(item, nowMs);
  const final = labels.find(({ maturity }) => maturity === 'final');
  return { outcome: outcomeOf(item), label: labels[0] ?? null, measured_fraud: final?.fraud ?? null, labels, late_decisions: [] };
}

/** An archived payment as a line of a list. */
export function lineOf(item: FeedItem, nowMs: number): DecisionLine {
  const [label] = labelsOf(item, nowMs);
  return {
    decision_id: item.decision_id,
    merchant_id: item.merchant_id,
    transaction_id: item.transaction_id,
    account_id: item.payer.account_id ?? null,
    card_token: item.payer.card_token ?? null,
    terminal_id: item.terminal_id,
    amount_minor: item.amount_minor,
    currency: item.currency,
    action: item.action,
    score: item.score,
    model: item.model,
    actor: 'luminous',
    degraded: item.degraded,
    reasons: item.reasons.map(({ code }) => code),
    money_state: item.money.state,
    label: label ? { fraud: label.fraud, kind: label.kind, maturity: label.maturity } : null,
    occurred_at: item.occurred_at,
    committed_at: item.decided_at,
    ledger_seq: item.ledger_seq,
  };
}

/** The last one first: high scores turn out to be fraud, and now and then a warning proves right later. */
export function labelsOf(item: FeedItem, nowMs: number): ArchivedLabel[] {
  const decidedMs = Date.parse(item.decided_at);
  const random = randomOf(item);
  const isFraud = random.next() < item.score / 900;
  const isTold = random.next() < (item.score >= 180 ? 0.9 : 0.25);
  const label = (afterMs: number, rest: Pick<ArchivedLabel, 'fraud' | 'source' | 'kind' | 'maturity' | 'corrects'>): ArchivedLabel => {
    const atMs = decidedMs + afterMs;
    const at = new Date(atMs).toISOString();
    return { label_id: makeId('lab', atMs, random), known_at: new Date(atMs - 60_000).toISOString(), received_at: at, ...rest };
  };
  if (!isTold) return [];
  if (!isFraud)
    return keptUntil(nowMs, [
      label(LABEL_AFTER_MS, { fraud: false, source: 'analyst', kind: 'genuine', maturity: 'final', corrects: null }),
    ]);
  const warned = label(LABEL_AFTER_MS, { fraud: true, source: 'network', kind: 'early_warning', maturity: 'provisional', corrects: null });
  const proven = label(CHARGEBACK_AFTER_MS, { fraud: true, source: 'bank', kind: 'chargeback', maturity: 'final', corrects: null });
  return keptUntil(nowMs, [proven, warned]);
}

function keptUntil(nowMs: number, labels: readonly ArchivedLabel[]): ArchivedLabel[] {
  return labels.filter(({ received_at }) => Date.parse(received_at) <= nowMs);
}

function outcomeOf(item: FeedItem): Outcome {
  const random = randomOf(item);
  const { model } = item;
  return {
    decision_id: item.decision_id,
    actor: 'luminous',
    action: item.action,
    score: item.score,
    probability: item.score / 1_000,
    band: item.action === 'decline' ? 'high' : item.action === 'review' ? 'elevated' : 'low',
    cutoffs: { review: 0.42, decline: 0.71 },
    reasons: item.reasons,
    versions: { model, ...VERSIONS },
    features: drawFeatures(item, random),
    degraded: item.degraded,
    degraded_causes: [],
    decided_at: item.decided_at,
    timings_ms: item.timings_ms,
    transaction: transactionOf(item, random),
    money: item.money,
    ledger_seq: item.ledger_seq,
    committed_at: item.decided_at,
  };
}

function transactionOf(item: FeedItem, random: SeededRandom): Outcome['transaction'] {
  return {
    kind: 'payment',
    transaction_id: item.transaction_id,
    occurred_at: item.occurred_at,
    amount_minor: item.amount_minor,
    currency: item.currency,
    payer: item.payer,
    ...(item.terminal_id !== null && { terminal_id: item.terminal_id }),
    instrument: { bin: '400000', last4: String(random.whole(1_000, 9_999)), country: 'FR', kind: 'debit' },
    device: { id: `dev-${random.whole(1_000, 9_999)}` },
    ip: `192.0.2.${random.whole(1, 254)}`,
    geo: { country: 'FR' },
    channel: random.pick(CHANNELS),
    category_code: '5942',
    metadata: { basket: String(random.whole(1, 9)) },
    merchant_id: item.merchant_id,
    request_id: makeId('req', Date.parse(item.occurred_at), random),
    received_at: item.occurred_at,
  };
}

/** Numbers of one payment's own, from the end of its id. */
function randomOf({ decision_id }: FeedItem): SeededRandom {
  return new SeededRandom(Number.parseInt(decision_id.slice(-8), 16));
}
