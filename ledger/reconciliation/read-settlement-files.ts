import type { MatchRule, SettlementFile, SettlementLine, UnmatchedReason } from '@trancendos/contracts/reconciliation';
import { toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';

interface FileRow {
  readonly id: string;
  readonly account_id: string;
  readonly name: string;
  readonly sha256: Buffer;
  readonly lines: number;
  readonly matched_lines: string;
  readonly matched_minor: string;
  readonly unmatched_minor: string;
  readonly first_day: string;
  readonly last_day: string;
  readonly window_days: number;
  readonly imported_at: Date;
}

const FILES = `
  SELECT file.id, account.id AS account_id, file.name, file.sha256, file.lines, file.first_day::text AS first_day,
         file.last_day::text AS last_day, file.window_days, file.imported_at,
         coalesce(sums.matched_lines, 0) AS matched_lines, coalesce(sums.matched, 0) AS matched_minor,
         coalesce(sums.unmatched, 0) AS unmatched_minor
    FROM ledger.settlement_files AS file
    JOIN ledger.accounts AS account ON account.number = file.account
    LEFT JOIN LATERAL (
      SELECT count(rule) AS matched_lines, sum(amount_minor) FILTER (WHERE rule IS NOT NULL) AS matched,
             sum(amount_minor) FILTER (WHERE rule IS NULL) AS unmatched
        FROM ledger.settlement_lines WHERE file_id = file.id) AS sums ON true`;

/** Files newest first; those of one account where it is given. `beforeId`: where the last page ended. */
export async function listSettlementFiles(
  pool: Pick<pg.Pool, 'query'>,
  query: { readonly accountId?: string | undefined; readonly beforeId?: string | undefined; readonly limit: number },
): Promise<SettlementFile[]> {
  const { rows } = await pool.query<FileRow>(
    `${FILES} WHERE ($1::text IS NULL OR account.id = $1) AND ($2::uuid IS NULL OR file.id < $2) ORDER BY file.id DESC LIMIT $3`,
    [query.accountId ?? null, query.beforeId?.slice('set_'.length) ?? null, query.limit],
  );
  return rows.map(fileOfRow);
}

export async function readSettlementFile(pool: Pick<pg.Pool, 'query'>, fileId: string): Promise<SettlementFile | undefined> {
  const { rows } = await pool.query<FileRow>(`${FILES} WHERE file.id = $1`, [fileId.slice('set_'.length)]);
  return rows[0] && fileOfRow(rows[0]);
}

export interface LineRow {
  readonly line: number;
  readonly day: string;
  readonly amount_minor: string;
  readonly reference: string | null;
  readonly description: string | null;
  readonly rule: MatchRule | null;
  readonly unmatched_reason: UnmatchedReason | null;
  readonly transfer_ids: readonly string[];
}

export const LINE_COLUMNS = `
  line.line, line.day::text AS day, line.amount_minor, line.reference, line.description, line.rule, line.unmatched_reason,
  ARRAY(SELECT transfer_id FROM ledger.settlement_matches AS match
         WHERE match.file_id = line.file_id AND match.line = line.line ORDER BY transfer_id)::text[] AS transfer_ids`;

/** The lines of a file in order, all or those that are matched, or are not. */
export async function readSettlementLinesOf(
  pool: Pick<pg.Pool, 'query'>,
  fileId: string,
  query: { readonly matched?: boolean | undefined; readonly afterLine?: number | undefined; readonly limit: number },
): Promise<SettlementLine[]> {
  const { rows } = await pool.query<LineRow>(
    `SELECT ${LINE_COLUMNS} FROM ledger.settlement_lines AS line
      WHERE line.file_id = $1 AND line.line > $2 AND ($3::boolean IS NULL OR (line.rule IS NOT NULL) = $3) ORDER BY line.line LIMIT $4`,
    [fileId.slice('set_'.length), query.afterLine ?? 0, query.matched ?? null, query.limit],
  );
  return rows.map(lineOfRow);
}

export function lineOfRow(row: LineRow): SettlementLine {
  return {
    line: row.line,
    day: row.day,
    amount_minor: row.amount_minor,
    reference: row.reference,
    description: row.description,
    rule: row.rule,
    unmatched_reason: row.unmatched_reason,
    transfer_ids: row.transfer_ids.map((id) => `tr_${id}`),
  };
}

function fileOfRow(row: FileRow): SettlementFile {
  return {
    file_id: `set_${row.id}`,
    account_id: row.account_id,
    name: row.name,
    sha256: row.sha256.toString('hex'),
    lines: row.lines,
    matched_lines: Number(row.matched_lines),
    matched_minor: row.matched_minor,
    unmatched_minor: row.unmatched_minor,
    first_day: row.first_day,
    last_day: row.last_day,
    window_days: row.window_days,
    imported_at: toInstant(row.imported_at.getTime()),
    repeated: false,
  };
}
