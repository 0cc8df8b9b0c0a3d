import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import type { Logger } from './log.ts';
import type { Postgres } from './postgres.ts';

export interface Migrations {
  /** The service's own PostgreSQL schema; made when missing. Statements run with it first in the search path. */
  readonly schema: string;
  /** Holds `001-name.sql`, `002-name.sql`, ... Once applied a file is never edited again. */
  readonly folder: string;
  readonly log: Logger;
}

interface MigrationFile {
  readonly name: string;
  readonly sql: string;
  readonly digest: string;
}

/**
 * Brings a service's schema forward: applies the numbered SQL files that are missing, in order, all in one transaction under an advisory
 * lock, so that two instances that start together do not meet. Throws when an applied file was changed or is gone.
 */
export async function migrate(postgres: Postgres, migrations: Migrations): Promise<void> {
  const { schema, log } = migrations;
  if (!/^[a-z_]+$/.test(schema)) throw new Error(`not a schema name: ${schema}`);
  const files = await readMigrations(migrations.folder);
  await postgres.inTransaction(async (client) => {
    await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`migrate:${schema}`]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await client.query(`SET LOCAL search_path TO ${schema}`);
    await client.query(
      `CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
    for (const file of await missingFrom(client, files)) {
      log.info({ schema, migration: file.name }, 'applying migration');
      await client.query(file.sql);
      await client.query('INSERT INTO migration (name, digest) VALUES ($1, $2)', [file.name, file.digest]);
    }
  });
}

async function readMigrations(folder: string): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{3}-[a-z0-9-]+\.sql$/.test(name)).sort();
  if (names.length === 0) throw new Error(`no migrations in ${folder}`);
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8');
      return { name, sql, digest: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function missingFrom(client: pg.PoolClient, files: MigrationFile[]): Promise<MigrationFile[]> {
  const applied = await client.query<{ name: string; digest: string }>('SELECT name, digest FROM migration ORDER BY name');
  applied.rows.forEach((row, index) => {
    const file = files[index];
    if (file?.name !== row.name) throw new Error(`migration ${row.name} is applied but missing or out of order among the files`);
    if (file.digest !== row.digest)
      throw new Error(
        `migration ${row.name} was changed after it had been applied; write a new one instead, or begin anew where the data may go (npm run local:reset)`,
      );
  });
  return files.slice(applied.rows.length);
}
