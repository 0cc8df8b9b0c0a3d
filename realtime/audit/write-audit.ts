import type { AuditKind } from '@trancendos/contracts/audit';
import type pg from 'pg';

/** Who does something, and from where. */
export interface Actor {
  readonly id: string | null;
  /** Null where nobody has signed in. */
  readonly name: string | null;
  readonly session_id: string | null;
  readonly address: string | null;
  readonly request_id: string | null;
}

/** Whoever works on the command line. */
export const OPERATOR: Actor = { id: null, name: 'operator', session_id: null, address: null, request_id: null };

/** An event to be kept for good. Nothing in it is ever a password, a token or a session's id. */
export interface Audited {
  readonly kind: AuditKind;
  readonly actor: Actor;
  readonly subject?: string | null;
  readonly before?: object | null;
  readonly after?: object | null;
}

/** Adds an event to the audit log, with `client` in the transaction that does what the event says. */
export async function writeAudit(client: Pick<pg.ClientBase, 'query'>, { kind, actor, subject, before, after }: Audited): Promise<void> {
  await client.query(
    `INSERT INTO realtime.audit_event (kind, actor_id, actor_name, session_id, address, request_id, subject, before, after)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [kind, actor.id, actor.name, actor.session_id, actor.address, actor.request_id, subject ?? null, before ?? null, after ?? null],
  );
}
