import type { AccountChange, AccountWithLink, ListedAccount, NewAccount } from '@trancendos/contracts/account';
import { PASSWORD_LENGTH, type PasswordChange } from '@trancendos/contracts/session';
import type { IncomingMessage } from 'node:http';
import { found, missing, problem, type MockAnswer } from './mock-answer.ts';
import type { MockWorld } from './mock-world.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const BODY_CHARACTERS_MAX = 4_096;
const agoMs = (ms: number) => new Date(Date.now() - ms).toISOString();

function accountOf(place: number, name: string, parts: Partial<ListedAccount>): ListedAccount {
  return {
    id: `usr_01a20000-0000-7000-8000-00000000000${place}`,
    name,
    roles: ['analyst'],
    status: 'active',
    created_at: agoMs(30 * DAY_MS),
    changed_at: agoMs(3 * DAY_MS),
    last_sign_in_at: agoMs((place + 1) * 37 * MINUTE_MS),
    locked_until: null,
    ...parts,
  };
}

/** Who may sign in to the made-up platform; what the page changes stays until the mock ends. */
const accounts: ListedAccount[] = [
  accountOf(0, 'analyst-1', { roles: ['analyst', 'admin'] }),
  accountOf(1, 'analyst-2', { locked_until: agoMs(-12 * MINUTE_MS) }),
  accountOf(2, 'auditor-1', { roles: ['auditor'] }),
  accountOf(3, 'lead-1', { roles: ['lead', 'risk_manager'] }),
  accountOf(4, 'ledger-ops-1', { roles: ['ledger_ops'], status: 'disabled' }),
  accountOf(5, 'newcomer-1', { status: 'invited', last_sign_in_at: null }),
];

/** Answers `GET /api/accounts`. */
export function answerAccounts(_world: MockWorld, _path: string, _query: URLSearchParams, isEmpty: boolean): MockAnswer {
  return found({ accounts: isEmpty ? [] : accounts, locks_known: true });
}

/** Answers whatever changes accounts, as the gateway would: the first account is the last admin. */
export async function answerAccountChange(request: IncomingMessage, pathname: string): Promise<MockAnswer> {
  const body = await readBody(request);
  const [, id, part] = /^\/api\/accounts(?:\/([^/]+)(?:\/(lock|link|sessions))?)?$/.exec(pathname) ?? [];
  if (id === undefined) return create(body as unknown as NewAccount);
  const place = accounts.findIndex((account) => account.id === id);
  const account = accounts[place];
  if (!account) return missing('account_unknown');
  if (part === 'sessions') return found({ ended: 1 });
  if (part === 'link') return found(withLink(account));
  const changed = part === 'lock' ? { ...account, locked_until: null } : change(account, body);
  if (!changed) return problem(409, 'last_admin', 'This is the last admin');
  accounts[place] = changed;
  return found(changed);
}

function create({ name, roles }: NewAccount): MockAnswer {
  if (accounts.some((account) => account.name === name)) return problem(409, 'name_taken', 'This name is taken');
  const made = accountOf(accounts.length, name, { roles, status: 'invited', last_sign_in_at: null });
  accounts.push(made);
  return found(withLink(made));
}

/** Undefined where the last admin would be none any more. */
function change(account: ListedAccount, { roles, disabled }: AccountChange): ListedAccount | undefined {
  const isLast = account.roles.includes('admin') && accounts.filter((each) => each.roles.includes('admin')).length === 1;
  if (isLast && (disabled || (roles && !roles.includes('admin')))) return undefined;
  return { ...account, ...(roles && { roles }), ...(disabled !== undefined && { status: disabled ? 'disabled' : 'active' }) };
}

function withLink(account: ListedAccount): AccountWithLink {
  return { account, link: { path: `/set-up#${'m'.repeat(43)}`, expires_at: agoMs(-DAY_MS) } };
}

/** Answers `PUT /api/session/password`: `wrong` is not the present password, and what begins with `password` is a common one. */
export async function answerPasswordChange(request: IncomingMessage): Promise<MockAnswer> {
  const { current_password: current, new_password: next } = (await readBody(request)) as unknown as PasswordChange;
  if (current === 'wrong') return problem(401, 'sign_in_refused', 'Name and password do not fit');
  const weakness = next.length < PASSWORD_LENGTH.min ? 'too_short' : next.startsWith('password') ? 'common' : undefined;
  if (weakness === undefined) return found({});
  return { status: 422, body: { ...(problem(422, 'weak_password', 'This password is too easy to guess').body as object), weakness } };
}

/** The JSON of a request; an empty object where it has none. */
async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > BODY_CHARACTERS_MAX) throw new RangeError('the body is too large for the mock');
  }
  return (text === '' ? {} : JSON.parse(text)) as Readonly<Record<string, unknown>>;
}
