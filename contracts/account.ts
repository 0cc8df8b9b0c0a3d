import { z } from 'zod';
import { Instant } from './instant.ts';
import { Role, UserId, UserName } from './session.ts';

const Roles = z
  .array(Role)
  .min(1)
  .refine((roles) => new Set(roles).size === roles.length, 'each role once');

/** Somebody who may sign in to the console. */
export const Account = z.strictObject({
  id: UserId,
  name: z.string(),
  roles: Roles,
  status: z.enum(['active', 'invited', 'disabled']),
  created_at: Instant,
  changed_at: Instant,
  /** To the second; null where nobody has ever signed in. */
  last_sign_in_at: Instant.nullable(),
});
export type Account = z.infer<typeof Account>;

/** An account as admins see it. */
export const ListedAccount = z.strictObject({
  ...Account.shape,
  /** Until when nobody is let in with this name, after too many attempts; null where that is not so. */
  locked_until: Instant.nullable(),
});
export type ListedAccount = z.infer<typeof ListedAccount>;

/** Answer of `GET /api/accounts`, by name. `locks_known` is false while the store of attempts is away: no lock is told then. */
export const AccountList = z.strictObject({ accounts: z.array(ListedAccount), locks_known: z.boolean() });
export type AccountList = z.infer<typeof AccountList>;

/** Body of `POST /api/accounts`. */
export const NewAccount = z.strictObject({ name: UserName, roles: Roles });
export type NewAccount = z.infer<typeof NewAccount>;

/** Body of `PATCH /api/accounts/{id}`. Both end the account's sessions: what it may do changes with the next sign-in. */
export const AccountChange = z
  .strictObject({ roles: Roles.optional(), disabled: z.boolean().optional() })
  .refine(({ roles, disabled }) => roles !== undefined || disabled !== undefined, 'roles, disabled, or both');
export type AccountChange = z.infer<typeof AccountChange>;

/** A link that is valid once, to be handed to the account's owner: `path` behind the console's address. It is not shown again. */
export const OneTimeLink = z.strictObject({ path: z.string(), expires_at: Instant });
export type OneTimeLink = z.infer<typeof OneTimeLink>;

/** Answer of `POST /api/accounts` and `POST /api/accounts/{id}/link`. */
export const AccountWithLink = z.strictObject({ account: Account, link: OneTimeLink });
export type AccountWithLink = z.infer<typeof AccountWithLink>;
