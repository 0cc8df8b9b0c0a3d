import type { Problem, ProblemCode } from '@trancendos/contracts/http';
import { PROBLEMS } from '@trancendos/contracts/http';
import { TEST_TOKEN_PREFIX, TEST_TOKENS } from './force-outcome.ts';

/** One place in a request that does not fit: a JSON pointer (RFC 6901) and what is expected there; never the value. */
export interface Misfit {
  readonly pointer: string;
  readonly detail: string;
}

/** Why a request is not served: a value that every step of the path may return, rendered once, at the edge. */
export interface Refusal {
  readonly refused: ProblemCode;
  /** What to do about it, where there is more to say than `ADVICE` does. */
  readonly detail?: string;
  readonly misfits?: readonly Misfit[];
}

/** What the sender of a refused request can do. The documentation's table of problems is made of these lines. */
export const ADVICE: Record<ProblemCode, string> = {
  malformed_request: 'Send HTTP/1.1 with one length, or chunks, and headers in ASCII; the connection is closed.',
  headers_too_large: 'Send at most 16 kB of headers, the address included.',
  request_too_slow: 'Send a request within 5 minutes, its headers within 1, and repeat it with the same Idempotency-Key.',
  malformed_json: 'Send one JSON object in UTF-8, no field twice, at most 8 levels deep.',
  invalid_field: 'Correct the fields that `errors` points to.',
  unknown_field: 'Leave out the fields that `errors` points to, or correct their names.',
  event_time_in_future: 'Send times in UTC and check the clock; at most 5 minutes ahead are tolerated.',
  event_time_too_old: 'Payments and history are taken for the last 400 days, unless the operator has set another limit.',
  card_number_refused:
    'Send a token instead of the card number. Ids with 13 to 19 digits in a row pass the check for card numbers one time in ten: prefer UUIDs.',
  idempotency_key_missing: 'Send an Idempotency-Key header of 1 to 255 visible ASCII characters, a new one for every new transaction.',
  idempotency_key_reused: 'Send the original body again to get its answer, or a new Idempotency-Key for a new transaction.',
  transaction_id_reused: 'Send the transaction as it was sent first, or give a new transaction its own id.',
  test_token_refused: 'Use a test key (`trn_test_...`) for the tokens of the sandbox.',
  test_token_unknown: `A test key takes of the tokens that begin with \`${TEST_TOKEN_PREFIX}\` only ${Object.keys(TEST_TOKENS).join(', ')}.`,
  unauthorised: 'Send `Authorization: Bearer <API key>` with a key that is in use.',
  signature_missing: 'Sign the request by RFC 9421 as this page describes; this merchant has asked for signatures.',
  signature_invalid: 'Sign the request as it is sent, with a new nonce and the present time.',
  scope_missing: 'Use an API key that has the scope which this address needs.',
  address_refused: 'Send from an address that the API key allows, or create a key that allows this one.',
  rate_limited: 'Wait for Retry-After seconds and repeat; nothing has happened.',
  key_unknown: 'Check the id; only the API keys of this merchant can be seen.',
  too_many_keys: 'Revoke one of them first: two are for the change from one to the next.',
  webhook_unknown: 'Check the ids; only what belongs to this merchant can be seen.',
  webhook_disabled: 'Switch it on with `POST /v1/webhooks/{id}/enable` and repeat.',
  webhook_target_refused: 'Give an https:// address whose host resolves to the public internet.',
  too_many_webhooks: 'Remove one of them first.',
  decision_pending: 'Wait for Retry-After seconds and repeat with the same Idempotency-Key; the decision is on its way.',
  operation_in_progress: 'Wait for Retry-After seconds and repeat with the same Idempotency-Key.',
  nothing_held: 'Look at `money` of the transaction: only what is `pending` can be captured or voided.',
  nothing_posted: 'Look at `money` of the transaction: void what is pending; what was declined or voided has moved nothing.',
  already_captured: 'Refund it to give the money back; a further capture needs a first one with `final` false.',
  already_voided: 'Send a new transaction to take money after all.',
  already_refunded: 'Nothing is left to give back.',
  hold_expired: 'Send a new transaction; capture before `money.expires_at`.',
  capture_exceeds_hold: 'Capture at most `money.pending_minor`; send a new transaction for what is beyond it.',
  refund_exceeds_posted: 'Refund at most `money.posted_minor` less `money.refunded_minor`.',
  balance_too_low: 'Refund less, or repeat when later payments have been posted to you.',
  account_blocked: 'A capture or refund waits until the account is open again; a hold can be voided meanwhile.',
  too_many_operations: 'Settle the rest outside, or with a new transaction.',
  operation_refused: 'Look at `detail`; nothing has happened.',
  too_many_parked: 'Check the transaction ids: 10,000 labels wait already for transactions that were never sent.',
  not_found: 'Check the address against the documentation.',
  transaction_unknown: 'Check the id; only transactions sent with a key of this merchant can be seen.',
  method_not_allowed: 'Use one of the methods in the Allow header.',
  unsupported_media_type: 'Send application/json, or application/x-ndjson for bulk and history, uncompressed.',
  body_too_large: 'Send at most 64 kB in one body, and at most 64 kB in one line of history.',
  too_many_waiting: 'Wait for Retry-After seconds and repeat with the same Idempotency-Key.',
  unavailable: 'Wait for Retry-After seconds and repeat with the same Idempotency-Key: the transaction is never executed twice.',
  internal: 'Repeat with the same Idempotency-Key; report the request id if it goes on.',
};

/** Most places that one problem names. */
const MISFITS_MAX = 20;

/** The RFC 9457 body of a refusal. */
export function renderProblem(refusal: Refusal, requestId: string): Problem {
  const { refused: code, misfits } = refusal;
  const { status, title } = PROBLEMS[code];
  const problem: Problem = {
    type: `/problems/${code.replaceAll('_', '-')}`,
    title,
    status,
    code,
    detail: refusal.detail ?? ADVICE[code],
    request_id: requestId,
  };
  if (misfits !== undefined && misfits.length > 0) problem.errors = misfits.slice(0, MISFITS_MAX).map((misfit) => ({ ...misfit }));
  return problem;
}
