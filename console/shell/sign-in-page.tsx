import { KeyRound, LogIn, RefreshCw } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { callApi, useMessages } from '@trancendos/shell-api';
import { Button, useCell } from '@trancendos/ui';
import type { OwnShell } from './make-shell.ts';
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
  const ended = useCell(shell.ended);
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const signIn = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    const answer = await callApi('/api/session', { method: 'POST', body: { name: form.get('name'), password: form.get('password') } });
    setBusy(false);
    if (answer.kind === 'ok') {
      setFault(undefined);
      await shell.enter();
    } else setFault(faultOf(answer, text));
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
      <form className="sign-in-form" onSubmit={(event) => void signIn(event)}>
        <div className="field">
          <label htmlFor="sign-in-name">{text.name}</label>
          <input
            id="sign-in-name"
            name="name"
            className="input"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
          />
        </div>
        <div className="field">
          <label htmlFor="sign-in-password">{text.password}</label>
          <input id="sign-in-password" name="password" type="password" className="input" autoComplete="current-password" required />
        </div>
        <p className="sign-in-fault" role="alert">
          {fault}
        </p>
        <Button type="submit" variant="primary" disabled={isBusy}>
          <LogIn className="icon" aria-hidden /> {text.signIn}
        </Button>
      </form>
      <p className="second">
        {text.orLink} <code className="mono">npm start</code> {text.printed}
      </p>
      <Button variant="quiet" onClick={() => void shell.enter()}>
        <RefreshCw className="icon" aria-hidden /> {text.haveSignedIn}
      </Button>
    </section>
  );
}

type Refused = Exclude<Awaited<ReturnType<typeof callApi>>, { readonly kind: 'ok' }>;

function faultOf(answer: Refused, text: { readonly [K in 'wrong' | 'away' | 'noAccounts']: string }): string {
  switch (answer.kind) {
    case 'signed-out':
      return text.wrong;
    case 'missing':
      return text.noAccounts;
    case 'away':
      return text.away;
    case 'denied':
      return answer.reason;
    case 'failed':
      return answer.status === 401 ? text.wrong : answer.detail;
  }
}
