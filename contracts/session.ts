import { z } from 'zod';
import { Instant } from './instant.ts';

/** What a person of the console does for a living. Somebody may have several roles. */
export const ROLES = ['analyst', 'lead', 'risk_manager', 'ledger_ops', 'auditor', 'admin'] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/** What a person may do. Routes, rooms and pages ask for a capability, never for a role. */
export const CAPABILITIES = [
  'live:read',
  'decisions:read',
  'ledger:read',
  'ledger:export',
  'insights:read',
  'insights:export',
  'governance:read',
  'audit:read',
  'sessions:read',
  'sessions:revoke',
  'accounts:manage',
] as const;
export const Capability = z.enum(CAPABILITIES);
export type Capability = z.infer<typeof Capability>;

/** Which role brings which capabilities: the one table that decides. Admins may do everything; nobody else manages accounts. */
export const CAPABILITIES_OF_ROLE: Readonly<Record<Role, readonly Capability[]>> = {
  analyst: ['live:read', 'decisions:read', 'ledger:read', 'insights:read'],
  lead: ['live:read', 'decisions:read', 'ledger:read', 'ledger:export', 'insights:read', 'insights:export', 'governance:read'],
  risk_manager: ['live:read', 'decisions:read', 'ledger:read', 'ledger:export', 'insights:read', 'insights:export', 'governance:read'],
  ledger_ops: ['live:read', 'decisions:read', 'ledger:read', 'ledger:export'],
  auditor: [
    'live:read',
    'decisions:read',
    'ledger:read',
    'ledger:export',
    'insights:read',
    'insights:export',
    'governance:read',
    'audit:read',
    'sessions:read',
  ],
  admin: CAPABILITIES,
};

/** What somebody with `roles` may do, in the order of `CAPABILITIES`. */
export function capabilitiesOf(roles: readonly Role[]): Capability[] {
  return CAPABILITIES.filter((capability) => roles.some((role) => CAPABILITIES_OF_ROLE[role].includes(capability)));
}

/** `usr_` and a UUIDv7, made with the account. */
export const UserId = z.string().regex(/^usr_[0-9a-f-]{36}$/);
/** What somebody signs in with: a short name or a mail address, in small letters. */
export const UserName = z
  .string()
  .trim()
  .toLowerCase()
  .min(2)
  .max(64)
  .regex(/^[a-z0-9][a-z0-9._+@-]*$/, 'letters, digits and . _ + @ - only');

/** Characters (Unicode code points) of a password; the least is what PCI DSS 8.3.6 asks for. */
export const PASSWORD_LENGTH = { min: 12, max: 128 } as const;
/** As it is typed. What it must be is checked by the gateway, which says what is wrong with it. */
const Password = z.string().min(1).max(1_024);

/** Header of every request that changes something; its value is `csrf` of the session, or anything where nobody is signed in yet. */
export const CSRF_HEADER = 'x-trx-csrf';

/** Header of a reading that nobody has asked for, because a page does it by itself. With any value: it is no use of the session, whose idle time goes on. */
export const BACKGROUND_HEADER = 'x-trx-background';

/** Answer of `GET /api/session`, and of everything that opens a session. */
export const SessionAnswer = z.strictObject({
  user: z.strictObject({ id: UserId, name: z.string(), roles: z.array(Role).min(1) }),
  capabilities: z.array(Capability),
  csrf: z.string(),
  /** When the session ends if nobody uses it meanwhile: asks for something, or is said to be present (`POST /api/session/presence`). */
  idle_expires_at: Instant,
  /** When it ends in any case. */
  expires_at: Instant,
  /** Opened by the demo, without an account: there is no password to change. */
  demo: z.boolean(),
});
export type SessionAnswer = z.infer<typeof SessionAnswer>;

/** Answer of `GET /api/session/ways`, which anybody may ask: how one can sign in here. */
export const SignInWays = z.strictObject({
  /** A name and a password. Other kinds, such as an identity provider, will stand beside it. */
  ways: z.array(
    z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('password') }), z.strictObject({ kind: z.literal('demo') })]),
  ),
  /** Nobody has an account yet: the set-up link makes the first one. */
  needs_set_up: z.boolean(),
  password_length: z.strictObject({ min: z.int(), max: z.int() }),
});
export type SignInWays = z.infer<typeof SignInWays>;

/** Body of `POST /api/session`. */
export const SignInRequest = z.strictObject({ name: z.string().min(1).max(256), password: Password });
export type SignInRequest = z.infer<typeof SignInRequest>;

/** Body of `PUT /api/session/password`. It ends every other session of the account. */
export const PasswordChange = z.strictObject({ current_password: Password, new_password: Password });
export type PasswordChange = z.infer<typeof PasswordChange>;

/** The token of a one-time link: `/set-up#<token>`. It stands behind the `#`, so no server ever logs it. */
const LinkToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'the 43 characters behind the # of the link');

/** Body of `POST /api/session/link`: what the link at hand is for. */
export const LinkQuestion = z.strictObject({ token: LinkToken });
export type LinkQuestion = z.infer<typeof LinkQuestion>;

/** Answer of `POST /api/session/link`. */
export const LinkAnswer = z.strictObject({
  /** `set_up` makes the first account, an admin; `password` gives an account that is there a password. */
  kind: z.enum(['set_up', 'password']),
  /** Whose link it is; null where the account is still to be made. */
  name: z.string().nullable(),
  expires_at: Instant,
});
export type LinkAnswer = z.infer<typeof LinkAnswer>;

/** Body of `POST /api/session/set-up`: uses the link up and signs in. */
export const SetUpRequest = z.strictObject({
  token: LinkToken,
  /** For the first account only. */
  name: UserName.optional(),
  password: Password,
});
export type SetUpRequest = z.infer<typeof SetUpRequest>;

/** A session as lists show it. `id` stands for it and opens nothing. */
export const ListedSession = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{64}$/),
  user: z.strictObject({ id: UserId, name: z.string(), roles: z.array(Role) }),
  /** The one that asks. */
  current: z.boolean(),
  opened_by: z.enum(['password', 'link', 'demo']),
  opened_at: Instant,
  used_at: Instant,
  expires_at: Instant,
  /** Of the browser, at sign-in. */
  address: z.string(),
  user_agent: z.string(),
});
export type ListedSession = z.infer<typeof ListedSession>;

/** Answer of `GET /api/sessions` and `GET /api/sessions/own`, last used first. */
export const SessionList = z.strictObject({ sessions: z.array(ListedSession) });
export type SessionList = z.infer<typeof SessionList>;

/** Answer of whatever ends sessions. */
export const RevocationAnswer = z.strictObject({ ended: z.int().min(0) });
export type RevocationAnswer = z.infer<typeof RevocationAnswer>;
