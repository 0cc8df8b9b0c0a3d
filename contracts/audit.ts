import { z } from 'zod';
import { Instant } from './instant.ts';
import { Text } from './text.ts';

/** What is written down for good: who came in, who was kept out, and who changed what anybody may do or took data with them. */
export const AUDIT_KINDS = [
  'signed_in',
  'sign_in_failed',
  'locked_out',
  'signed_out',
  'password_changed',
  'link_issued',
  'link_used',
  'account_created',
  'account_changed',
  'account_unlocked',
  'session_revoked',
  'data_exported',
] as const;
export const AuditKind = z.enum(AUDIT_KINDS);
export type AuditKind = z.infer<typeof AuditKind>;

/** One audited event. `seq` is its place in the log. */
export const AuditEvent = z.strictObject({
  seq: z.int().min(1),
  at: Instant,
  kind: AuditKind,
  /** Who did it. Null where nobody had signed in; `operator` acts from the command line. */
  actor: z.strictObject({ id: z.string().nullable(), name: z.string() }).nullable(),
  /** The session that it was done in, as session lists name it. */
  session_id: z.string().nullable(),
  /** Of the browser; null from the command line. */
  address: z.string().nullable(),
  request_id: z.string().nullable(),
  /** What it was done to: an account, or the path of an export. */
  subject: z.string().nullable(),
  before: z.json().nullable(),
  after: z.json().nullable(),
});
export type AuditEvent = z.infer<typeof AuditEvent>;

/** Query of `GET /api/audit`: newest first. */
export const AuditQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'next_cursor of the page before')
    .optional(),
  kind: AuditKind.optional(),
  /** Id of whom it was done by. */
  actor: Text.max(64).optional(),
  /** Id of what it was done to. */
  subject: Text.max(256).optional(),
});
export type AuditQuery = z.infer<typeof AuditQuery>;

/** Answer of `GET /api/audit`. */
export const AuditPage = z.strictObject({ events: z.array(AuditEvent), next_cursor: z.string().nullable() });
export type AuditPage = z.infer<typeof AuditPage>;
