import type { Decision, Reason } from '@trancendos/contracts/decision';
import type { Payer, PaymentTransaction } from '@trancendos/contracts/transaction';
import { nowMs, toInstant } from '@trancendos/platform/clock';
import { newId } from '@trancendos/platform/new-id';

type Forced = Pick<Decision, 'action' | 'score' | 'degraded' | 'degraded_causes'> & { readonly reason: Reason };

const reason = (code: string, category: Reason['category'], effect: Reason['effect'], message: string): Reason => ({
  code,
  category,
  effect,
  message,
  weight: null,
});
const SOUND = { degraded: false, degraded_causes: [] };

/** What the tokens of the sandbox begin with, so that a misspelt one is noticed. */
export const TEST_TOKEN_PREFIX = 'tok_test_';

/** Card tokens by which a test key asks for an outcome. `timeout` is decided by nobody, so that the merchant's policy is. */
export const TEST_TOKENS: Readonly<Record<string, Forced | 'timeout'>> = {
  tok_test_approve: {
    action: 'approve',
    score: 4,
    ...SOUND,
    reason: reason('sandbox_approve', 'platform', 'lowers', 'asked for by a test token'),
  },
  tok_test_review: {
    action: 'review',
    score: 480,
    ...SOUND,
    reason: reason('sandbox_review', 'platform', 'holds', 'asked for by a test token'),
  },
  tok_test_decline: {
    action: 'decline',
    score: 910,
    ...SOUND,
    reason: reason('sandbox_decline', 'platform', 'raises', 'asked for by a test token'),
  },
  tok_test_blocked: {
    action: 'decline',
    score: 910,
    ...SOUND,
    reason: reason('sandbox_blocked', 'rule', 'blocks', 'asked for by a test token'),
  },
  tok_test_insufficient_funds: {
    action: 'decline',
    score: 4,
    ...SOUND,
    reason: reason('insufficient_funds', 'ledger', 'blocks', 'asked for by a test token'),
  },
  tok_test_degraded: {
    action: 'approve',
    score: 0,
    degraded: true,
    degraded_causes: ['model_unavailable'],
    reason: reason('sandbox_approve', 'platform', 'lowers', 'asked for by a test token'),
  },
  tok_test_timeout: 'timeout',
};

/** Whether a payer is one of the sandbox. Live keys must not send one. */
export function isTestPayer(payer: Payer): boolean {
  return payer.card_token !== undefined && Object.hasOwn(TEST_TOKENS, payer.card_token);
}

/** Whether a payer is meant to be one of the sandbox and is none, by a slip. */
export function isMisspeltTestPayer(payer: Payer): boolean {
  return payer.card_token?.startsWith(TEST_TOKEN_PREFIX) === true && !isTestPayer(payer);
}

/** The decision that a test token asks for; `timeout` for none at all, undefined for a payment that is decided in earnest. */
export function forceOutcome(transaction: PaymentTransaction): Decision | 'timeout' | undefined {
  const forced = isTestPayer(transaction.payer) ? TEST_TOKENS[transaction.payer.card_token ?? ''] : undefined;
  if (forced === undefined || forced === 'timeout') return forced;
  const { reason: because, ...said } = forced;
  return {
    decision_id: newId('dec'),
    actor: 'sandbox',
    ...said,
    reasons: [because],
    versions: { model: null, ruleset: 'sandbox', features: 'none' },
    features: [],
    decided_at: toInstant(nowMs()),
    timings_ms: {},
    transaction,
  };
}
