import type pg from 'pg';

/** Bytes of a schema's tables, their indexes and what they keep outside of the row. */
export async function storedBytesOf(pool: Pick<pg.Pool, 'query'>, schema: string): Promise<number> {
  const { rows } = await pool.query<{ bytes: string }>(
    `SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) AS bytes
       FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relkind IN ('r', 'm')`,
    [schema],
  );
  return Number(rows[0]?.bytes ?? 0);
}
