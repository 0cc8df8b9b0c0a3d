import type { AuditEvent, AuditKind, AuditPage } from '@trancendos/contracts/audit';
import type { ActiveDrift, ActiveLists, ActiveModel, ActiveRules } from '@trancendos/contracts/scoring-http';
import type { SessionList } from '@trancendos/contracts/session';
import { found, type MockAnswer } from './mock-answer.ts';
import { FEATURE_CATALOGUE } from './mock-features.ts';
import type { MockWorld } from './mock-world.ts';

const HOUR_MS = 3_600_000;
const PAGE = 20;
const EVENTS = 45;
const PEOPLE = ['analyst-1', 'lead-1', 'auditor-1'] as const;
const ROLES = ['analyst', 'lead', 'auditor'] as const;
const KINDS: readonly AuditKind[] = ['signed_in', 'data_exported', 'signed_out', 'sign_in_failed', 'account_changed', 'session_revoked'];

const MODEL: ActiveModel = {
  model: 'luminous-3',
  hash: '9f2c41d07e',
  fallback: 'luminous-2',
  challengers: [],
  thresholds: { review: 42, decline: 661 },
  typical_amount: 50,
  metrics: { auc: 0.891, average_precision: 0.778, calibration_error: 0.0004 },
};

const RULES: ActiveRules = {
  version: 'base-1@a14978',
  name: 'base-1',
  rules: [
    {
      id: 'amount_above_limit',
      version: 1,
      effect: 'block',
      weight: 900,
      when: 'tx_amount > 5000',
      reason: 'amount_above_limit',
      message: '{tx_amount}, the limit is 5000.00',
      examples: [{ given: { tx_amount: 5_000 }, then: 'silent' }],
    },
    {
      id: 'too_many_payments',
      version: 1,
      effect: 'review',
      weight: 500,
      when: 'customer_id_nb_tx_1day_window > 20',
      reason: 'too_many_payments',
      message: '{customer_id_nb_tx_1day_window} payments in 24 h, more than 20',
      examples: [{ given: { customer_id_nb_tx_1day_window: 21 }, then: 'holds' }],
    },
  ],
};

const DRIFT: ActiveDrift = {
  state: 'drifting',
  model: 'luminous-3',
  window: { days: 7, days_least: 7, payments: 184_206, payments_least: 1_000 },
  psi_alarm: 0.25,
  score: { name: 'score', psi: 0.061, ks: 0.034, steady: true },
  movers: [
    { name: 'tx_amount', psi: 0.312, ks: 0.171, steady: true },
    { name: 'customer_id_nb_tx_30day_window', psi: 0.874, ks: 0.402, steady: false },
    { name: 'terminal_id_risk_7day_window', psi: 0.142, ks: 0.088, steady: true },
    { name: 'customer_id_avg_amount_7day_window', psi: 0.093, ks: 0.061, steady: true },
    { name: 'tx_during_night', psi: 0.012, ks: 0.009, steady: true },
  ],
  parity: { at: '2026-11-26T08:00:00.000Z', compared: 4_812, equal: 4_812, ratio: 1 },
  mature: {
    payments: 611_340,
    frauds: 4_871,
    auc: 0.894,
    average_precision: 0.741,
    alert_precision: 0.683,
    alert_recall: 0.712,
    money_stopped: 0.846,
  },
};
/** The first day: the window is not full, and no label is old enough. */
const DRIFT_OF_A_NEW_MODEL: ActiveDrift = {
  ...DRIFT,
  state: 'waiting',
  window: { ...DRIFT.window, days: 2, payments: 640 },
  parity: null,
  mature: null,
};

/** Answers `/api/scoring/v1/<path>` as scoring would. */
export function answerScoring(_world: MockWorld, path: string, _query: URLSearchParams, isEmpty: boolean): MockAnswer | undefined {
  const lists: ActiveLists = {
    version: 'lists@4b11',
    lists: isEmpty
      ? {}
      : {
          'stolen-cards': {
            kind: 'card_token',
            effect: 'block',
            merchant_id: null,
            entries: ['card_1000', 'card_1f2a'].map((value) => ({ value, expires_at: null, note: 'reported' })),
          },
        },
  };
  if (path === 'features') return found(FEATURE_CATALOGUE);
  if (path === 'model') return found(MODEL);
  if (path === 'drift') return found(isEmpty ? DRIFT_OF_A_NEW_MODEL : DRIFT);
  if (path === 'rules') return found(isEmpty ? { ...RULES, rules: [] } : RULES);
  return path === 'lists' ? found(lists) : undefined;
}

/** Answers `/api/sessions`. */
export function answerSessions(_world: MockWorld, _path: string, _query: URLSearchParams, isEmpty: boolean): MockAnswer {
  const sessions: SessionList['sessions'] = PEOPLE.map((name, index) => ({
    id: String(index).repeat(64),
    user: { id: idOf(index), name, roles: [ROLES[index] ?? 'analyst'] },
    current: index === 0,
    opened_by: 'password',
    opened_at: before(index + 1),
    used_at: before(index * 0.1),
    expires_at: before(index - 11),
    address: '127.0.0.1',
    user_agent: 'a browser',
  }));
  return found({ sessions: isEmpty ? [] : sessions });
}

/** Answers `/api/audit`, page by page. */
export function answerAudit(_world: MockWorld, _path: string, query: URLSearchParams, isEmpty: boolean): MockAnswer {
  const newest = isEmpty ? 0 : Math.min(EVENTS, Number(query.get('cursor') ?? EVENTS));
  const events = Array.from({ length: Math.min(PAGE, newest) }, (_, index) => eventOf(newest - index));
  const page: AuditPage = { events, next_cursor: newest > PAGE ? String(newest - PAGE) : null };
  return found(page);
}

function eventOf(seq: number): AuditEvent {
  const kind = KINDS[seq % KINDS.length] ?? 'signed_in';
  const person = seq % PEOPLE.length;
  return {
    seq,
    at: before((EVENTS - seq) * 0.7),
    kind,
    actor: kind === 'sign_in_failed' ? null : { id: idOf(person), name: PEOPLE[person] ?? '' },
    session_id: null,
    address: '127.0.0.1',
    request_id: null,
    subject: kind === 'data_exported' ? '/api/review/v1/insights' : null,
    before: null,
    after: null,
  };
}

const idOf = (index: number) => `usr_01a20000-0000-7000-8000-00000000000${index}`;

function before(hours: number): string {
  return new Date(Date.now() - hours * HOUR_MS).toISOString();
}
