import { KeyRound, LogIn, RefreshCw } from 'lucide-react';
import { callApi, useMessages } from '@trancendos/shell-api';
import { Button, useCell } from '@trancendos/ui';
import { CREDENTIAL_MESSAGES } from './credential-messages.ts';
import { CredentialsForm } from './credentials-form.tsx';
import type { OwnShell } from './make-shell.ts';
import { sayRefusal } from './say-refusal.ts';
import { SIGN_IN_MESSAGES } from './sign-in-messages.ts';

export interface SignInPageProps {
  readonly shell: OwnShell;
  /** The page was reached by a link that does not hold. */
  readonly isLinkRefused: boolean;
}

const ENDS = { idle: 'endedIdle', full_length: 'endedFullLength', ended: 'endedOtherwise' } as const;

/** Asks for name and password where nobody is signed in; a link of the start works, too. */
export function SignInPage({ shell, isLinkRefused }: SignInPageProps) {
  const text = useMessages(SIGN_IN_MESSAGES);
  const credentials = useMessages(CREDENTIAL_MESSAGES);
  const ended = useCell(shell.ended);
  const signIn = async (body: Readonly<Record<string, string>>) => {
    const answer = await callApi('/api/session', { method: 'POST', body });
    if (answer.kind === 'signed-out') return text.wrong;
    if (answer.kind === 'missing') return text.noAccounts;
    if (answer.kind !== 'ok') return sayRefusal(answer, credentials);
    await shell.enter();
    return undefined;
  };
  return (
    <section className="sign-in" aria-labelledby="sign-in-title">
      <span className="notice-icon">
        <KeyRound className="icon" aria-hidden />
      </span>
      <h2 id="sign-in-title">{isLinkRefused ? text.linkRefused : text.title}</h2>
      {ended !== undefined && (
        <p className="second" role="status" data-session-end={ended}>
          {text[ENDS[ended]]} {text.sameAgain}
        </p>
      )}
      <CredentialsForm
        id="sign-in"
        fields={[
          { name: 'name', label: text.name, autoComplete: 'username' },
          { name: 'password', label: text.password, autoComplete: 'current-password' },
        ]}
        submit={
          <>
            <LogIn className="icon" aria-hidden /> {text.signIn}
          </>
        }
        onSubmit={signIn}
      />
      <p className="second">
        {text.orLink} <code className="mono">npm start</code> {text.printed}
      </p>
      <Button variant="quiet" onClick={() => void shell.enter()}>
        <RefreshCw className="icon" aria-hidden /> {text.haveSignedIn}
      </Button>
    </section>
  );
}
