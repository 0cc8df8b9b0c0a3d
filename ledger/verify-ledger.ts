import type { LedgerBatch } from '@trancendos/contracts/ledger';
import { batchHashText } from '@trancendos/contracts/transfer-leaf';
import { hash } from 'node:crypto';
import type pg from 'pg';
import { BATCH_PREFIX, GENESIS, sealTree } from './hash-batch.ts';
import type { Mismatch, MismatchKind } from './mismatch.ts';
import { batchOfRow, type BatchRow } from './read-batch.ts';
import { hashShown } from './read-proof.ts';
import { ReplayedAccounts } from './replay-accounts.ts';
import { TRANSFER_COLUMNS, TRANSFER_JOINS, transferOfRow, type TransferRow } from './transfer-row.ts';
import { verifyTables } from './verify-tables.ts';

export interface VerifyOptions {
  /** A connection in a transaction that sees one moment throughout: REPEATABLE READ, READ ONLY. */
  readonly client: Pick<pg.ClientBase, 'query'>;
  /** Called now and then: how many of the transfers are done. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Every mismatch, as it is found; after `mismatchesMax` they are only counted. */
  readonly onMismatch?: (mismatch: Mismatch) => void;
  /** Default 1,000. */
  readonly mismatchesMax?: number;
}

export interface VerifyReport {
  readonly batches: number;
  readonly transfers: number;
  readonly accounts: number;
  /** How many there are of each kind; empty when the ledger is as it should be. */
  readonly mismatches: Readonly<Partial<Record<MismatchKind, number>>>;
  /** The first of them. */
  readonly found: readonly Mismatch[];
  /** The hash that everything hangs on: whoever keeps it can tell later that nothing before it was changed. */
  readonly headHash: string;
}

/** A batch with the nodes that proofs start from. */
type StoredBatch = LedgerBatch & Pick<BatchRow, 'blocks'>;

/** Transfers in memory at once, more or less: batches are taken together up to this. */
const CHUNK_TRANSFERS = 20_000;
const CHUNK_BATCHES = 2_000;

/**
 * Replays the whole journal from its first transfer and compares whatever can be compared: every after-balance, every hash, the chain, the
 * numbering, and at the end the accounts, holds, reversals and inputs as they are stored. Memory stays bounded: a chunk of the journal,
 * and forty bytes an account. Finding something does not stop it.
 */
export async function verifyLedger(options: VerifyOptions): Promise<VerifyReport> {
  const run = new Verification(options);
  const head = await run.readHead();
  for await (const chunk of run.batches(head.batches)) await run.replay(chunk, head.transfers);
  await run.checkHead(head);
  const accounts = await verifyTables(options.client, run.accounts, (mismatch) => run.note(mismatch));
  return { batches: run.batchSeq, transfers: run.transferSeq, accounts, ...run.findings(), headHash: run.hash };
}

interface Head {
  readonly batches: number;
  readonly entries: number;
  readonly transfers: number;
  readonly hash: string;
}

type NumberedRow = TransferRow & { readonly debit_account: string; readonly credit_account: string; readonly creditor_currency: string };

class Verification {
  readonly accounts = new ReplayedAccounts();
  batchSeq = 0;
  transferSeq = 0;
  hash = GENESIS.toString('hex');
  #entrySeq = 0;
  #committedAt = '';
  readonly #options: VerifyOptions;
  readonly #counts: Partial<Record<MismatchKind, number>> = {};
  readonly #found: Mismatch[] = [];

  constructor(options: VerifyOptions) {
    this.#options = options;
  }

  note(mismatch: Mismatch): void {
    this.#counts[mismatch.kind] = (this.#counts[mismatch.kind] ?? 0) + 1;
    if (this.#found.length >= (this.#options.mismatchesMax ?? 1_000)) return;
    this.#found.push(mismatch);
    this.#options.onMismatch?.(mismatch);
  }

  findings(): Pick<VerifyReport, 'mismatches' | 'found'> {
    return { mismatches: this.#counts, found: this.#found };
  }

  async readHead(): Promise<Head> {
    const { rows } = await this.#options.client.query<{ batch: string; entry: string; transfer: string; last_hash: Buffer }>(
      'SELECT last_batch_seq AS batch, last_seq AS entry, last_transfer_seq AS transfer, last_hash FROM ledger.writer',
    );
    const [row] = rows;
    if (!row) throw new Error('ledger.writer has no row');
    return { batches: Number(row.batch), entries: Number(row.entry), transfers: Number(row.transfer), hash: row.last_hash.toString('hex') };
  }

  /** The batches in order, as many at once as hold about a chunk of transfers. What comes after the last that the writer knows is taken too. */
  async *batches(expected: number): AsyncGenerator<StoredBatch[]> {
    for (let after = 0; ;) {
      const { rows } = await this.#options.client.query<BatchRow>('SELECT * FROM ledger.batches WHERE seq > $1 ORDER BY seq LIMIT $2', [
        after,
        CHUNK_BATCHES,
      ]);
      if (rows.length === 0) break;
      let chunk: StoredBatch[] = [];
      let transfers = 0;
      for (const row of rows) {
        const batch = { ...batchOfRow(row), blocks: row.blocks };
        chunk.push(batch);
        transfers += batch.transfers;
        after = batch.batch_seq;
        if (transfers < CHUNK_TRANSFERS) continue;
        yield chunk;
        chunk = [];
        transfers = 0;
      }
      if (chunk.length > 0) yield chunk;
    }
    if (this.batchSeq !== expected) {
      this.note({ kind: 'SEQUENCE_GAP', where: `batch ${this.batchSeq + 1}`, detail: `the writer has written up to batch ${expected}` });
    }
  }

  async replay(chunk: readonly StoredBatch[], total: number): Promise<void> {
    const [first] = chunk;
    const last = chunk.at(-1);
    if (!first || !last) return;
    const untilSeq = last.first_transfer_seq + last.transfers - 1;
    const rows = await this.#readTransfers(Math.min(first.first_transfer_seq, this.transferSeq + 1), untilSeq);
    let next = 0;
    for (const batch of chunk) {
      const end = batch.first_transfer_seq + batch.transfers;
      const own: NumberedRow[] = [];
      for (let row = rows[next]; row && Number(row.seq) < end; row = rows[++next]) own.push(row);
      this.#checkBatch(batch, own);
    }
    this.#options.onProgress?.(this.transferSeq, total);
  }

  async checkHead(head: Head): Promise<void> {
    const { rows } = await this.#options.client.query<{ seq: string }>(
      'SELECT seq FROM ledger.transfers WHERE seq < 1 OR seq > $1 ORDER BY seq LIMIT 1000',
      [this.transferSeq],
    );
    for (const { seq } of rows) this.note({ kind: 'SEQUENCE_GAP', where: `transfer ${seq}`, detail: 'no batch holds it' });
    const positions = [
      ['entries', this.#entrySeq, head.entries],
      ['transfers', this.transferSeq, head.transfers],
    ] as const;
    for (const [what, found, written] of positions) {
      if (found !== written) {
        this.note({ kind: 'SEQUENCE_GAP', where: what, detail: `the batches hold ${found} and the writer has written ${written}` });
      }
    }
    if (this.hash !== head.hash) {
      this.note({ kind: 'CHAIN_MISMATCH', where: 'the writer', detail: `stands on ${head.hash}, and the last batch is ${this.hash}` });
    }
  }

  async #readTransfers(firstSeq: number, lastSeq: number): Promise<NumberedRow[]> {
    const { rows } = await this.#options.client.query<NumberedRow>(
      `SELECT ${TRANSFER_COLUMNS}, transfer.debit_account, transfer.credit_account, creditor.currency AS creditor_currency
         FROM ledger.transfers AS transfer ${TRANSFER_JOINS}
        WHERE transfer.seq BETWEEN $1 AND $2 ORDER BY transfer.seq`,
      [firstSeq, lastSeq],
    );
    return rows;
  }

  #checkBatch(batch: StoredBatch, rows: readonly NumberedRow[]): void {
    const where = `batch ${batch.batch_seq}`;
    this.#expect(batch.batch_seq === this.batchSeq + 1, 'SEQUENCE_GAP', [where, `comes after batch ${this.batchSeq}`]);
    this.#expect(batch.first_ledger_seq === this.#entrySeq + 1, 'SEQUENCE_GAP', [
      where,
      `begins with entry ${batch.first_ledger_seq} after entry ${this.#entrySeq}`,
    ]);
    this.#expect(batch.first_transfer_seq === this.transferSeq + 1, 'SEQUENCE_GAP', [
      where,
      `begins with transfer ${batch.first_transfer_seq} after transfer ${this.transferSeq}`,
    ]);
    this.#expect(batch.committed_at >= this.#committedAt, 'TIME_BACKWARDS', [
      where,
      `is of ${batch.committed_at}, the one before it of ${this.#committedAt}`,
    ]);
    this.#expect(batch.previous_hash === this.hash, 'CHAIN_MISMATCH', [where, `stands on ${batch.previous_hash} and not on ${this.hash}`]);
    this.transferSeq = batch.first_transfer_seq - 1;
    this.#entrySeq = batch.first_ledger_seq - 1;
    const leaves = rows.map((row) => this.#checkTransfer(row, batch));
    const missing = batch.first_transfer_seq + batch.transfers - 1 - this.transferSeq;
    this.#expect(missing === 0, 'SEQUENCE_GAP', [where, `lacks its last ${missing} transfers`]);
    const { root: found, blocks } = sealTree(Buffer.concat(leaves));
    const root = found.toString('hex');
    this.#expect(root === batch.merkle_root, 'HASH_MISMATCH', [where, `its transfers hash to ${root} and not to ${batch.merkle_root}`]);
    this.#expect(root !== batch.merkle_root || blocks.equals(batch.blocks), 'HASH_MISMATCH', [
      where,
      'keeps other nodes than its tree has',
    ]);
    const hashed = hash('sha256', BATCH_PREFIX + batchHashText(batch), 'hex');
    this.#expect(hashed === batch.hash, 'HASH_MISMATCH', [where, `its header hashes to ${hashed} and not to ${batch.hash}`]);
    this.batchSeq = batch.batch_seq;
    this.transferSeq = batch.first_transfer_seq + batch.transfers - 1;
    this.#entrySeq = batch.first_ledger_seq + batch.entries - 1;
    this.#committedAt = batch.committed_at;
    this.hash = batch.hash;
  }

  /** Gives the transfer's leaf. */
  #checkTransfer(row: NumberedRow, batch: LedgerBatch): Buffer {
    const transfer = transferOfRow(row);
    const where = `transfer ${transfer.seq}`;
    this.#expect(transfer.seq === this.transferSeq + 1, 'SEQUENCE_GAP', [where, `comes after transfer ${this.transferSeq}`]);
    this.transferSeq = transfer.seq;
    const inBatch = transfer.ledger_seq >= batch.first_ledger_seq && transfer.ledger_seq < batch.first_ledger_seq + batch.entries;
    this.#expect(inBatch, 'SEQUENCE_GAP', [where, `is of entry ${transfer.ledger_seq}, which batch ${batch.batch_seq} does not hold`]);
    this.#expect(transfer.committed_at === batch.committed_at, 'TIME_BACKWARDS', [
      where,
      `is of ${transfer.committed_at}, its batch of ${batch.committed_at}`,
    ]);
    const missing = MUST_EXIST.filter((name) => (row as Record<(typeof MUST_EXIST)[number], string | null>)[name] === null);
    this.#expect(missing.length === 0, 'REFERENCE_MISSING', [where, `has no ${missing.join(', ')}`]);
    this.#expect(row.currency === row.creditor_currency, 'CURRENCY_MISMATCH', [where, `${row.currency} to ${row.creditor_currency}`]);
    for (const { kind, accountId, detail } of this.accounts.apply(transfer, Number(row.debit_account), Number(row.credit_account))) {
      this.note({ kind, where: `${where}, ${accountId}`, detail });
    }
    return hashShown(transfer);
  }

  #expect(holds: boolean, kind: MismatchKind, [where, detail]: readonly [string, string]): void {
    if (!holds) this.note({ kind, where, detail });
  }
}

/** Columns of what a transfer has to refer to; null where that is missing. */
const MUST_EXIST = ['debit_id', 'credit_id', 'topic', 'actor'] as const;
