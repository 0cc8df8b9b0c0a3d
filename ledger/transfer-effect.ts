import type { TransferKind } from '@trancendos/contracts/transfer';

/** By how many times its amount a transfer changes the counters of both of its sides: the debits of one, the credits of the other. */
export interface TransferEffect {
  readonly posted: 0 | 1;
  readonly pending: -1 | 0 | 1;
}

const MOVES: TransferEffect = { posted: 1, pending: 0 };
const RELEASES: TransferEffect = { posted: 0, pending: -1 };

export const EFFECT_OF_KIND: Readonly<Record<TransferKind, TransferEffect>> = {
  post: MOVES,
  fee: MOVES,
  opening: MOVES,
  reversal: MOVES,
  hold: { posted: 0, pending: 1 },
  capture: { posted: 1, pending: -1 },
  void: RELEASES,
  expire: RELEASES,
};

/** The same in SQL: the minor units by which a row of `ledger.transfers` changes the posted, and the pending, counters. */
export const POSTED_SQL = effectSql('posted', 'transfers');
export const PENDING_SQL = effectSql('pending', 'transfers');

/** `POSTED_SQL` where the row has another name. */
export function postedSql(row: string): string {
  return effectSql('posted', row);
}

function effectSql(counter: keyof TransferEffect, row: string): string {
  const kinds = Object.entries(EFFECT_OF_KIND);
  const whens = kinds.map(([kind, effect]) => `WHEN '${kind}' THEN ${effect[counter]}`);
  return `${row}.amount_minor * (CASE ${row}.kind ${whens.join(' ')} END)`;
}
