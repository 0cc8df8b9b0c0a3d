import type { AuditEvent, AuditKind, AuditPage, AuditQuery } from '@trancendos/contracts/audit';
import { toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';

interface AuditRow {
  readonly seq: string;
  readonly at: Date;
  readonly kind: AuditKind;
  readonly actor_id: string | null;
  readonly actor_name: string | null;
  readonly session_id: string | null;
  readonly address: string | null;
  readonly request_id: string | null;
  readonly subject: string | null;
  readonly before: AuditEvent['before'];
  readonly after: AuditEvent['after'];
}

/** A page of the audit log, newest first; `cursor` is where the page before ended. */
export async function readAudit(pool: pg.Pool, { limit, cursor, kind, actor, subject }: AuditQuery): Promise<AuditPage> {
  const { rows } = await pool.query<AuditRow>(
    `SELECT seq, at, kind, actor_id, actor_name, session_id, address, request_id, subject, before, after
     FROM realtime.audit_event
     WHERE ($2::bigint IS NULL OR seq < $2) AND ($3::text IS NULL OR kind = $3)
       AND ($4::text IS NULL OR actor_id = $4) AND ($5::text IS NULL OR subject = $5)
     ORDER BY seq DESC LIMIT $1`,
    [limit + 1, cursor ?? null, kind ?? null, actor ?? null, subject ?? null],
  );
  const events = rows.slice(0, limit).map(toEvent);
  return { events, next_cursor: rows.length > limit ? String(events.at(-1)?.seq) : null };
}

function toEvent({ seq, at, actor_id, actor_name, ...row }: AuditRow): AuditEvent {
  return {
    ...row,
    seq: Number(seq),
    at: toInstant(at.getTime()),
    actor: actor_name === null ? null : { id: actor_id, name: actor_name },
  };
}
