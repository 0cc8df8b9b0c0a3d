import type { MoneyTrail } from '@trancendos/contracts/ledger';
import type { TransferKind } from '@trancendos/contracts/transfer';
import type { MockWorld } from './mock-world.ts';
import { found, missing, type MockAnswer } from './mock-answer.ts';

const PAGE = 50;

interface Question {
  readonly world: MockWorld;
  /** What stands behind the first word of the path. */
  readonly id: string;
  readonly below: string | undefined;
  readonly query: URLSearchParams;
  readonly isEmpty: boolean;
}

const ANSWERS: Readonly<Record<string, (question: Question) => MockAnswer | undefined>> = {
  accounts: (question) => (question.id === '' ? listAccounts(question) : answerAccount(question)),
  balances: ({ world, query }) => found({ balances: query.getAll('account_id').flatMap((id) => world.ledger.balance(id) ?? []) }),
  transfers: (question) => (question.id === '' ? listTransfers(question) : answerTransfer(question)),
  holds: ({ world, query, isEmpty }) => {
    const open = [...world.ledger.holds.values()].filter(({ status }) => status === 'open');
    return found(pageOf('holds', isEmpty ? [] : open, query));
  },
  transactions: (question) => answerTrail(question),
  'trial-balance': ({ world }) => found(trialBalance(world)),
  summary: ({ world }) => found(world.totals(0, Date.now()).ledger),
  invariants: () => found(invariants()),
};

/** Answers `/api/ledger/v1/<path>` as the ledger would. With `isEmpty` every list is. */
export function answerLedger(world: MockWorld, path: string, query: URLSearchParams, isEmpty: boolean): MockAnswer | undefined {
  const [what = '', id = '', below] = path.split('/').map(decodeURIComponent);
  return ANSWERS[what]?.({ world, id, below, query, isEmpty });
}

function listAccounts({ world, query, isEmpty }: Question): MockAnswer {
  const kind = query.get('kind');
  const all = isEmpty ? [] : world.ledger.accounts().filter((account) => kind === null || account.kind === kind);
  return found(pageOf('accounts', all, query));
}

function answerAccount({ world: { ledger }, id, below, query, isEmpty }: Question): MockAnswer | undefined {
  const account = ledger.account(id);
  if (!account) return missing('account_unknown');
  if (below === undefined) return found(account);
  if (below !== 'statement' && below !== 'transfers') return undefined;
  const lines = isEmpty ? [] : ledger.statement(id);
  return found({ account_id: id, ...pageOf('transfers', lines, query) });
}

function listTransfers({ world, query, isEmpty }: Question): MockAnswer {
  const kind = query.get('kind');
  const account = query.get('account_id');
  const all = world.ledger.transfers
    .filter((transfer) => kind === null || transfer.kind === kind)
    .filter(({ debit, credit }) => account === null || debit.account_id === account || credit.account_id === account)
    .reverse();
  return found(pageOf('transfers', isEmpty ? [] : all, query));
}

function answerTransfer({ world: { ledger }, id, below }: Question): MockAnswer {
  const body = below === 'proof' ? ledger.proof(id) : ledger.transfers.find(({ transfer_id }) => transfer_id === id);
  return body ? found(body) : missing(below === 'proof' ? 'proof_not_ready' : 'transfer_unknown');
}

/** `transactions/<merchant>/<transaction>/trail`. */
function answerTrail({ world, id, below }: Question): MockAnswer {
  const item = world.archived().find(({ merchant_id, transaction_id }) => merchant_id === id && transaction_id === below);
  if (!item) return missing('transaction_unknown');
  const transferId = item.money.transfer_id;
  const transfers = transferId === null ? [] : world.ledger.trail(transferId);
  const settled = transfers.reduce((minor, { kind, amount_minor }) => minor + SETTLES[kind] * BigInt(amount_minor), 0n);
  const trail: MoneyTrail = {
    merchant_id: item.merchant_id,
    transaction_id: item.transaction_id,
    decision_id: item.decision_id,
    action: item.action,
    ledger_seq: item.ledger_seq,
    committed_at: item.decided_at,
    hold: (transferId !== null && world.ledger.holds.get(transferId)) || null,
    transfers,
    settled_minor: settled.toString(),
  };
  return found(trail);
}

/** Towards the merchant's account, or back. */
const SETTLES: Readonly<Record<TransferKind, bigint>> = {
  post: 1n,
  capture: 1n,
  reversal: -1n,
  hold: 0n,
  void: 0n,
  expire: 0n,
  fee: 0n,
  opening: 0n,
};

function pageOf(key: string, all: readonly unknown[], query: URLSearchParams): Readonly<Record<string, unknown>> {
  const start = Number(query.get('cursor') ?? 0);
  const end = start + Math.min(200, Number(query.get('limit') ?? PAGE));
  return { [key]: all.slice(start, end), next_cursor: end < all.length ? String(end) : null };
}

function trialBalance({ ledger }: MockWorld) {
  const accounts = ledger.accounts();
  const kinds = [...Map.groupBy(accounts, ({ kind }) => kind)].map(([kind, own]) => {
    const sum = (key: 'debits_posted' | 'credits_posted' | 'debits_pending' | 'credits_pending') =>
      own.reduce((total, account) => total + BigInt(account[key]), 0n).toString();
    return {
      kind,
      accounts: own.length,
      debits_posted: sum('debits_posted'),
      credits_posted: sum('credits_posted'),
      debits_pending: sum('debits_pending'),
      credits_pending: sum('credits_pending'),
    };
  });
  return {
    recorded_at: new Date().toISOString(),
    transfer_seq: ledger.transfers.length,
    currencies: [{ ...ledger.sums('EUR'), kinds, balanced: true }],
  };
}

function invariants() {
  const check = (name: string, means: string) => ({ name, ok: true, means, violations: 0 });
  return {
    ok: true,
    checks: [
      check('balanced', 'debits and credits are equal in every currency'),
      check('folded', 'counters are what their transfers add up to'),
      check('gapless', 'no position is missing'),
      check('no_stale_holds', 'no hold is open beyond its expiry'),
    ],
    at: new Date().toISOString(),
  };
}
