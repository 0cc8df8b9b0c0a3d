import type { ApiAnswer } from '@trancendos/shell-api';
import type { AccountText } from './account-messages.ts';

const TOLD = ['name_taken', 'last_admin', 'too_many_accounts', 'invalid_field'] as const;

/** Why a change of an account was not made, in the reader's language where the console knows the reason. */
export function sayFailure(answer: Exclude<ApiAnswer<unknown>, { readonly kind: 'ok' }>, text: AccountText): string {
  if (answer.kind === 'missing') return text.failed_unknown;
  if (answer.kind === 'denied') return answer.reason;
  if (answer.kind !== 'failed') return text.failed_away;
  const code = TOLD.find((known) => known === answer.code);
  return code === undefined ? answer.detail : text[`failed_${code}`];
}
