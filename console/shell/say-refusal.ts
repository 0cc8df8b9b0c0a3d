import type { ConsoleProblemCode, PasswordWeakness } from '@trancendos/contracts/console-problem';
import type { ApiAnswer } from '@trancendos/shell-api';
import type { CredentialText } from './credential-messages.ts';

const REFUSALS = [
  'locked_out',
  'too_busy',
  'session_store_away',
  'accounts_away',
  'link_refused',
  'invalid_field',
] as const satisfies readonly ConsoleProblemCode[];
const WEAKNESSES = [
  'too_short',
  'too_long',
  'common',
  'repetitive',
  'contains_name',
  'unchanged',
] as const satisfies readonly PasswordWeakness[];

/** Why the gateway did not take a name or a password; in its own words, which are English, where it names a reason that this page does not know. */
export function sayRefusal(
  answer: Exclude<ApiAnswer<unknown>, { readonly kind: 'ok' | 'signed-out' | 'missing' }>,
  text: CredentialText,
): string {
  if (answer.kind === 'away') return text.away;
  if (answer.kind === 'denied') return answer.reason;
  const weakness = answer.code === 'weak_password' ? WEAKNESSES.find((known) => known === answer.weakness) : undefined;
  if (weakness !== undefined) return text[`weak_${weakness}`];
  const code = REFUSALS.find((known) => known === answer.code);
  return code === undefined ? answer.detail : text[`refused_${code}`];
}
