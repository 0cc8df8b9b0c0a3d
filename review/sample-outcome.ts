import type { Label } from '@trancendos/contracts/label';
import type { Outcome } from '@trancendos/contracts/outcome';
import { toInstant } from '@trancendos/platform/clock';

/** What a test says about an outcome; the rest is filled in. */
export interface Sample {
  /** Its place in the ledger's order; names the transaction too, unless that is given. */
  readonly seq: number;
  /** When it was committed, in milliseconds since the epoch. Default: a second per place after `SAMPLES_FROM_MS`. */
  readonly atMs?: number;
  readonly transactionId?: string;
  readonly merchantId?: string;
  readonly action?: Outcome['action'];
  readonly actor?: Outcome['actor'];
  readonly score?: number;
  readonly model?: string | null;
  readonly amountMinor?: number;
  readonly currency?: Outcome['transaction']['currency'];
  readonly payer?: Outcome['transaction']['payer'];
  readonly terminalId?: string;
  readonly reasons?: readonly string[];
  readonly degraded?: boolean;
  readonly timings?: Outcome['timings_ms'];
}

const DAY_MS = 86_400_000;
/** Noon (UTC) of yesterday: within every retention, and never ahead. */
export const SAMPLES_FROM_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS / 2;

/** A UUIDv7 of that moment, the same for the same number. */
function uuidOf(atMs: number, n: number): string {
  const time = atMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

const USUAL = {
  merchantId: 'books-01',
  action: 'approve',
  actor: 'luminous',
  score: 12,
  model: 'luminous-2',
  amountMinor: 1_000,
  currency: 'EUR',
  payer: { account_id: 'ACC-1' },
  reasons: ['amount_as_usual'],
  degraded: false,
  timings: { ingest: 1, to_scoring: 2, scoring: 3, to_ledger: 1, ledger: 2 },
} as const;
const MONEY_AFTER = { approve: 'posted', review: 'pending', decline: 'none' } as const;

/** An approval of 10.00 EUR from ACC-1 at books-01, unless the sample says otherwise. */
export function sampleOutcome(given: Sample): Outcome {
  const sample = { ...USUAL, atMs: SAMPLES_FROM_MS + given.seq * 1_000, transactionId: `tx-${given.seq}`, ...given };
  const { seq, atMs, action, actor, score, degraded, terminalId } = sample;
  return {
    decision_id: `dec_${uuidOf(atMs - 5, seq)}`,
    actor,
    action,
    score,
    reasons: sample.reasons.map((code) => ({ code, category: 'amount', effect: 'raises', message: code, weight: 0.5 })),
    versions: { model: sample.model, ruleset: 'rules-1', features: 'book-15' },
    features: [12.49, 0.25, -1],
    degraded,
    degraded_causes: degraded ? ['model_unavailable'] : [],
    decided_at: toInstant(atMs - 5),
    timings_ms: sample.timings,
    transaction: {
      kind: 'payment',
      transaction_id: sample.transactionId,
      merchant_id: sample.merchantId,
      request_id: 'req_0198a000-0000-7000-8000-000000000000',
      occurred_at: toInstant(atMs - 1_000),
      received_at: toInstant(atMs - 9),
      amount_minor: sample.amountMinor,
      currency: sample.currency,
      payer: sample.payer,
      ...(terminalId !== undefined && { terminal_id: terminalId }),
    },
    money: { state: MONEY_AFTER[action], transfer_id: null, expires_at: null },
    ledger_seq: seq,
    committed_at: toInstant(atMs),
  };
}

/** What a test says about a label. */
export interface LabelSample {
  /** Labels arrive in the order of their numbers. */
  readonly n: number;
  readonly transactionId: string;
  readonly merchantId?: string;
  readonly fraud?: boolean;
  readonly maturity?: Label['maturity'];
  readonly source?: Label['source'];
  readonly kind?: Label['kind'];
}

/** A final statement of the merchant that it was fraud, unless the sample says otherwise. */
export function sampleLabel({ n, transactionId, merchantId = 'books-01', fraud = true, source = 'merchant', ...rest }: LabelSample): Label {
  const at = toInstant(SAMPLES_FROM_MS + DAY_MS / 4 + n * 1_000);
  return {
    label_id: `lab_${uuidOf(Date.parse(at), n)}`,
    merchant_id: merchantId,
    transaction_id: transactionId,
    request_id: 'req_0198a000-0000-7000-8000-000000000001',
    subject: 'ACC-1',
    terminal_id: null,
    fraud,
    source,
    kind: rest.kind ?? (fraud ? 'confirmed_fraud' : 'genuine'),
    maturity: rest.maturity ?? 'final',
    occurred_at: toInstant(SAMPLES_FROM_MS),
    known_at: at,
    received_at: at,
  };
}
