import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { FEATURE_SET } from '@trancendos/models/features/declare-features';
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

/** Stores a snapshot and forgets all but the newest two. */
export async function storeSnapshot(
  postgres: Postgres,
  chunks: readonly Buffer[],
  offsets: FeatureState['offsets'],
  takenAt: string,
): Promise<void> {
  const state = await compress(Buffer.concat(chunks), { level: COMPRESSION_LEVEL });
  await postgres.inTransaction(async (client) => {
    await client.query('INSERT INTO scoring.snapshot (feature_set, format, offsets, state, taken_at) VALUES ($1, $2, $3, $4, $5)', [
      FEATURE_SET,
      SNAPSHOT_FORMAT,
      JSON.stringify(renderOffsets(offsets)),
      state,
      takenAt,
    ]);
    await client.query(
      'DELETE FROM scoring.snapshot WHERE snapshot_id NOT IN (SELECT snapshot_id FROM scoring.snapshot ORDER BY snapshot_id DESC LIMIT $1)',
      [KEPT],
    );
  });
}

/**
 * The newest snapshot that can be read; undefined when there is none, and the state has to be folded from the beginning of the log.
 * One that is damaged or made for other features is passed over with a warning.
 */
export async function loadSnapshot(postgres: Postgres, log: Logger): Promise<FeatureState | undefined> {
  const { rows: ids } = await postgres.pool.query<{ snapshot_id: string; feature_set: string; format: number }>(
    'SELECT snapshot_id, feature_set, format FROM scoring.snapshot ORDER BY snapshot_id DESC',
  );
  for (const { snapshot_id, feature_set, format } of ids) {
    if (feature_set !== FEATURE_SET || format !== SNAPSHOT_FORMAT) {
      log.warn({ snapshot: snapshot_id, feature_set, format }, 'snapshot passed over: made for other features or in another format');
      continue;
    }
    const state = await readStored(postgres, snapshot_id, log);
    if (state) return state;
  }
  return undefined;
}

async function readStored(postgres: Postgres, snapshotId: string, log: Logger): Promise<FeatureState | undefined> {
  const { rows } = await postgres.pool.query<{ offsets: unknown; state: Buffer }>(
    'SELECT offsets, state FROM scoring.snapshot WHERE snapshot_id = $1',
    [snapshotId],
  );
  const [row] = rows;
  if (!row) return undefined;
  try {
    const offsets = StoredOffsets.parse(row.offsets);
    return new FeatureState(readSnapshot(await decompress(row.state, { maxOutputLength: STATE_BYTES_MAX })), offsets);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    log.warn({ err: error, snapshot: snapshotId }, 'snapshot passed over: it cannot be read');
    return undefined;
  }
}

/** Damage shows as a checksum, as compressed data that make no sense, or as offsets of another shape. */
function isUnreadable(error: unknown): boolean {
  if (error instanceof SnapshotUnreadable || error instanceof z.ZodError) return true;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^(Z_|ERR_BUFFER_TOO_LARGE)/.test(code);
}
