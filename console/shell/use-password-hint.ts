import type { SignInWays } from '@trancendos/contracts/session';
import { useApi, useMessages } from '@trancendos/shell-api';
import { CREDENTIAL_MESSAGES } from './credential-messages.ts';

/** What a new password must be, as the gateway says; undefined until it has. */
export function usePasswordHint(): string | undefined {
  const text = useMessages(CREDENTIAL_MESSAGES);
  const { state } = useApi<SignInWays>('/api/session/ways');
  if (state.kind !== 'ready') return undefined;
  const { min, max } = state.data.password_length;
  return text.hint(min, max);
}
