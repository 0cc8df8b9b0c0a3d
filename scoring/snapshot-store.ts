import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { FEATURE_SET } from '@trancendos/models/features/declare-features';
import type { BeliefParameters } from '@trancendos/models/features/describe-beliefs';
import { hashBeliefs } from '@trancendos/models/features/feature-kernel';
import { readSnapshot, SNAPSHOT_FORMAT } from '@trancendos/models/features/snapshot-features';
import { SnapshotUnreadable } from '@trancendos/models/features/state-bytes';
import type { Logger } from '@trancendos/platform/log';
import type { Postgres } from '@trancendos/platform/postgres';
import { z } from 'zod';
import { FeatureState, renderOffsets } from './feature-state.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Newest ones that are kept: one more than needed, should the newest prove unreadable. */
const KEPT = 2;
/** Fast, and half the size all the same. */
const COMPRESSION_LEVEL = 1;
const STATE_BYTES_MAX = 2 ** 31;

const PartitionOffsets = z.record(z.string().regex(/^\d+$/), z.string().regex(/^\d+$/).transform(BigInt)).transform((offsets) => {
  return new Map(Object.entries(offsets).map(([partition, next]) => [Number(partition), next]));
});
const StoredOffsets = z.strictObject({ transactions: PartitionOffsets, labels: PartitionOffsets });

/** A snapshot with the place in the log that it was taken at. */
export interface TakenSnapshot {
  readonly chunks: readonly Buffer[];
  readonly offsets: FeatureState['offsets'];
  readonly takenAt: string;
  readonly beliefsHash: string;
}

/** Stores a snapshot and forgets all but the newest two. */
export async function storeSnapshot(postgres: Postgres, { chunks, offsets, takenAt, beliefsHash }: TakenSnapshot): Promise<void> {
  const state = await compress(Buffer.concat(chunks), { level: COMPRESSION_LEVEL });
  await postgres.inTransaction(async (client) => {
    await client.query(
      'INSERT INTO scoring.snapshot (feature_set, format, beliefs, offsets, state, taken_at) VALUES ($1, $2, $3, $4, $5, $6)',
      [FEATURE_SET, SNAPSHOT_FORMAT, beliefsHash, JSON.stringify(renderOffsets(offsets)), state, takenAt],
    );
    await client.query(
      'DELETE FROM scoring.snapshot WHERE snapshot_id NOT IN (SELECT snapshot_id FROM scoring.snapshot ORDER BY snapshot_id DESC LIMIT $1)',
      [KEPT],
    );
  });
}

/**
 * Finds the newest snapshot of a state that is folded with `beliefs` and that `whyNot` has nothing against; undefined when there is none, and
 * the state has to be folded from the beginning of the log.
 */
export type SnapshotFinder = (
  beliefs: BeliefParameters | null,
  whyNot: (offsets: FeatureState['offsets']) => string | undefined,
) => Promise<FeatureState | undefined>;

/** One that is damaged, or made for other features or beliefs, is passed over with a warning. */
export function findSnapshots(postgres: Postgres, log: Logger): SnapshotFinder {
  return async (beliefs, whyNot) => {
    const { rows } = await postgres.pool.query<StoredRow>(
      'SELECT snapshot_id, feature_set, format, beliefs, offsets FROM scoring.snapshot ORDER BY snapshot_id DESC',
    );
    for (const row of rows) {
      const read = await readStored(postgres, row, { beliefs, whyNot });
      if (read instanceof FeatureState) return read;
      log.warn({ snapshot: row.snapshot_id, why: read.why, err: read.error }, 'snapshot passed over');
    }
    return undefined;
  };
}

interface StoredRow {
  readonly snapshot_id: string;
  readonly feature_set: string;
  readonly format: number;
  readonly beliefs: string;
  readonly offsets: unknown;
}

interface Wanted {
  readonly beliefs: BeliefParameters | null;
  readonly whyNot: (offsets: FeatureState['offsets']) => string | undefined;
}

async function readStored(
  postgres: Postgres,
  row: StoredRow,
  { beliefs, whyNot }: Wanted,
): Promise<FeatureState | { readonly why: string; readonly error?: unknown }> {
  if (row.feature_set !== FEATURE_SET || row.format !== SNAPSHOT_FORMAT)
    return { why: 'it is made for other features or in another format' };
  if (row.beliefs !== hashBeliefs(beliefs)) return { why: 'it is folded with other belief parameters' };
  try {
    const offsets = StoredOffsets.parse(row.offsets);
    const why = whyNot(offsets);
    if (why !== undefined) return { why };
    const { rows } = await postgres.pool.query<{ state: Buffer }>('SELECT state FROM scoring.snapshot WHERE snapshot_id = $1', [
      row.snapshot_id,
    ]);
    if (!rows[0]) return { why: 'it is gone' };
    return new FeatureState(readSnapshot(await decompress(rows[0].state, { maxOutputLength: STATE_BYTES_MAX }), beliefs), offsets);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return { why: 'it cannot be read', error };
  }
}

/** Damage shows as a checksum, as compressed data that make no sense, or as offsets of another shape. */
function isUnreadable(error: unknown): boolean {
  if (error instanceof SnapshotUnreadable || error instanceof z.ZodError) return true;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^(Z_|ERR_BUFFER_TOO_LARGE)/.test(code);
}
