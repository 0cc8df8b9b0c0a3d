import { createHash } from 'node:crypto';
import type { EntityList } from '@trancendos/contracts/control';
import type { ReasonCode } from '@trancendos/contracts/reason-codes';
import type { RuleEffect } from '@trancendos/contracts/ruleset';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import type { Finding } from '../rules/evaluate-rules.ts';

/** An entry as it is looked up. */
interface Listed {
  readonly list: string;
  readonly effect: RuleEffect;
  readonly merchantId: string | null;
  readonly expiresAtMs: number;
}

const CODE_OF_EFFECT: Record<RuleEffect, ReasonCode> = {
  fatal_block: 'list_blocked',
  allow: 'list_allowed',
  block: 'list_blocked',
  review: 'list_watched',
};
const WORDS_OF_KIND: Record<EntityList['kind'], string> = {
  account: 'the paying account',
  card_token: 'the card',
  terminal: 'the terminal',
  merchant: 'the merchant',
};
/** Above every rule: that somebody was put on a list on purpose is told first. */
const LIST_WEIGHT = 1_001;

/** All lists as one index: a payment is looked up by four names, however many entries there are. Never changed, only replaced. */
export class ListIndex {
  readonly #entries = new Map<string, Listed[]>();
  /** By the hash of everything in them; `none` where there is nothing. */
  readonly version: string;
  readonly size: number;

  constructor(lists: ReadonlyMap<string, EntityList>) {
    let size = 0;
    for (const [list, { kind, effect, merchant_id, entries }] of lists) {
      for (const { value, expires_at } of entries) {
        const key = keyOf(kind, value);
        const expiresAtMs = expires_at === null ? Infinity : Date.parse(expires_at);
        const listed = { list, effect, merchantId: merchant_id, expiresAtMs };
        const others = this.#entries.get(key);
        if (others) others.push(listed);
        else this.#entries.set(key, [listed]);
        size++;
      }
    }
    this.size = size;
    this.version = size === 0 ? 'none' : `lists@${hashOf(lists)}`;
  }

  /** What the lists say of a payment; entries that had ended when it was received say nothing. */
  match(transaction: PaymentTransaction): Finding[] {
    if (this.size === 0) return [];
    const { payer, terminal_id, merchant_id } = transaction;
    const atMs = Date.parse(transaction.received_at);
    return [
      ...this.#find('account', payer.account_id, merchant_id, atMs),
      ...this.#find('card_token', payer.card_token, merchant_id, atMs),
      ...this.#find('terminal', terminal_id, merchant_id, atMs),
      ...this.#find('merchant', merchant_id, merchant_id, atMs),
    ];
  }

  #find(kind: EntityList['kind'], value: string | undefined, merchantId: string, atMs: number): Finding[] {
    const listed = value === undefined ? undefined : this.#entries.get(keyOf(kind, value));
    if (listed === undefined) return [];
    return listed
      .filter((entry) => atMs < entry.expiresAtMs && (entry.merchantId === null || entry.merchantId === merchantId))
      .map(({ list, effect }) => ({
        effect,
        weight: LIST_WEIGHT,
        code: CODE_OF_EFFECT[effect],
        category: 'rule',
        message: `${WORDS_OF_KIND[kind]} is on the list ${list}`,
        source: list,
      }));
  }
}

function keyOf(kind: EntityList['kind'], value: string): string {
  return `${kind} ${value}`;
}

function hashOf(lists: ReadonlyMap<string, EntityList>): string {
  const sorted = [...lists].sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 6);
}
