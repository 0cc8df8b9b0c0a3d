import type { Counterpart, DecisionLine, DecisionPage, EntityProfile, EntityType } from '@trancendos/contracts/archive';
import type { FeedItem } from '@trancendos/contracts/socket';
import { found, missing, type MockAnswer } from './mock-answer.ts';
import type { MockWorld } from './mock-world.ts';
import { labelsOf, lineOf, showArchived } from './show-archived.ts';

const PAGE = 50;
const COUNTERPARTS = 10;
const TYPES: readonly EntityType[] = ['account', 'card', 'merchant', 'terminal'];

/** Answers `/api/review/v1/decisions`, `/transactions` and `/entities` as the archive would, from the payments that the world has made. */
export function answerArchive(world: MockWorld, path: string, query: URLSearchParams, isEmpty: boolean): MockAnswer | undefined {
  const [what = '', first = '', second = ''] = path.split('/').map(decodeURIComponent);
  const items = isEmpty ? [] : world.archived();
  switch (what) {
    case 'decisions':
      return first === '' ? found(search(items, query)) : showOne(items, ({ decision_id }) => decision_id === first);
    case 'transactions':
      return showOne(items, ({ merchant_id, transaction_id }) => merchant_id === first && transaction_id === second);
    case 'entities':
      return showEntity(items, TYPES.find((type) => type === first) ?? 'account', second);
    default:
      return undefined;
  }
}

function showOne(items: readonly FeedItem[], isWanted: (item: FeedItem) => boolean): MockAnswer {
  const item = items.find(isWanted);
  return item ? found(showArchived(item, Date.now())) : missing('not_found');
}

const FIELDS = {
  transaction: 'transaction_id',
  account: 'account_id',
  card: 'card_token',
  terminal: 'terminal_id',
  merchant: 'merchant_id',
  action: 'action',
} as const satisfies Readonly<Record<string, keyof DecisionLine>>;

function search(items: readonly FeedItem[], query: URLSearchParams): DecisionPage {
  const lines = items.map((item) => lineOf(item, Date.now())).filter((line) => fits(line, query));
  const start = Number(query.get('cursor') ?? 0);
  const end = start + Number(query.get('limit') ?? PAGE);
  return { decisions: lines.slice(start, end), next_cursor: end < lines.length ? String(end) : null };
}

function fits(line: DecisionLine, query: URLSearchParams): boolean {
  const at = (name: string, otherwise: number) => (query.has(name) ? Number(query.get(name)) : otherwise);
  const time = (name: string, otherwise: number) => (query.has(name) ? Date.parse(query.get(name) ?? '') : otherwise);
  const committedMs = Date.parse(line.committed_at);
  const score = line.score ?? 0;
  const label = line.label ? (line.label.fraud ? 'fraud' : 'genuine') : 'none';
  return (
    Object.entries(FIELDS).every(([name, field]) => !query.has(name) || line[field] === query.get(name)) &&
    (!query.has('label') || query.get('label') === label) &&
    score >= at('score_min', 0) &&
    score <= at('score_max', 1_000) &&
    committedMs >= time('from', 0) &&
    committedMs < time('to', Infinity)
  );
}

const idOf: Readonly<Record<EntityType, (item: FeedItem) => string | null>> = {
  account: ({ payer }) => payer.account_id ?? null,
  card: ({ payer }) => payer.card_token ?? null,
  merchant: ({ merchant_id }) => merchant_id,
  terminal: ({ terminal_id }) => terminal_id,
};

function showEntity(items: readonly FeedItem[], type: EntityType, id: string): MockAnswer {
  const own = items.filter((item) => idOf[type](item) === id);
  const [last] = own;
  const first = own.at(-1);
  if (!last || !first) return missing('not_found');
  const verdicts = own.map((item) => labelsOf(item, Date.now()).find(({ maturity }) => maturity === 'final')?.fraud);
  const count = (isWanted: (item: FeedItem, index: number) => boolean) => own.filter(isWanted).length;
  const sum = (isWanted: (item: FeedItem, index: number) => boolean) =>
    String(own.filter(isWanted).reduce((minor, { amount_minor }) => minor + amount_minor, 0));
  const countsOf = (isWanted: (item: FeedItem) => boolean) => ({
    approve: count((item) => isWanted(item) && item.action === 'approve'),
    review: count((item) => isWanted(item) && item.action === 'review'),
    decline: count((item) => isWanted(item) && item.action === 'decline'),
  });
  const dayOf = ({ decided_at }: FeedItem) => decided_at.slice(0, 10);
  const profile: EntityProfile = {
    type,
    id,
    first_seen_at: first.decided_at,
    last_seen_at: last.decided_at,
    counted: own.length,
    complete: true,
    counted_since: first.decided_at,
    actions: countsOf(() => true),
    labels: {
      fraud: count((_item, index) => verdicts[index] === true),
      genuine: count((_item, index) => verdicts[index] === false),
      none: count((_item, index) => verdicts[index] === undefined),
    },
    amounts: [
      {
        currency: 'EUR',
        decisions: own.length,
        amount_minor: sum(() => true),
        approved_minor: sum(({ action }) => action === 'approve'),
        fraud_minor: sum((_item, index) => verdicts[index] === true),
      },
    ],
    days: [...new Set(own.map(dayOf))].map((day) => ({
      day,
      ...countsOf((item) => dayOf(item) === day),
      fraud: count((item, index) => dayOf(item) === day && verdicts[index] === true),
    })),
    counterparts: {
      account: type === 'account' ? [] : meet(own, idOf.account),
      card: type === 'card' ? [] : meet(own, idOf.card),
      merchant: type === 'merchant' ? [] : meet(own, idOf.merchant),
      terminal: type === 'terminal' ? [] : meet(own, idOf.terminal),
    },
  };
  return found(profile);
}

function meet(own: readonly FeedItem[], id: (item: FeedItem) => string | null): Counterpart[] {
  return [...Map.groupBy(own, id)]
    .flatMap(([met, items]) => (met === null ? [] : [{ id: met, decisions: items.length, last_seen_at: items[0]?.decided_at ?? '' }]))
    .sort((one, other) => other.decisions - one.decisions)
    .slice(0, COUNTERPARTS);
}
