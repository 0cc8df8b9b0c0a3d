import { KeyRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import { callApi, Link, useMessages, useSession } from '@trancendos/shell-api';
import { EmptyState, Notice } from '@trancendos/ui';
import { CREDENTIAL_MESSAGES } from './credential-messages.ts';
import { CredentialsForm } from './credentials-form.tsx';
import type { OwnShell } from './make-shell.ts';
import { sayRefusal } from './say-refusal.ts';
import { usePasswordHint } from './use-password-hint.ts';

export const PASSWORD_PATH = '/password';

export interface PasswordPageProps {
  readonly shell: OwnShell;
  readonly onTitle: (title: string) => void;
}

/** `/password`: changes one's own password, which ends every other session of the account. */
export function PasswordPage({ shell, onTitle }: PasswordPageProps) {
  const text = useMessages(CREDENTIAL_MESSAGES);
  const session = useSession();
  const [isChanged, setChanged] = useState(false);
  useEffect(() => onTitle(text.changePassword), [onTitle, text]);
  if (session?.demo)
    return (
      <EmptyState title={text.demoHasNone} Icon={KeyRound}>
        {text.demoHasNoneText}
      </EmptyState>
    );
  if (!isChanged) return <PasswordForm shell={shell} account={session?.user.name} onChanged={() => setChanged(true)} />;
  const onwards = (
    <Link className="button" href="/live">
      {text.goLive}
    </Link>
  );
  return (
    <div className="contents" role="status">
      <Notice title={text.changed} tone="muted" Icon={KeyRound} action={onwards}>
        {text.changedText}
      </Notice>
    </div>
  );
}

interface PasswordFormProps {
  readonly shell: OwnShell;
  readonly account: string | undefined;
  readonly onChanged: () => void;
}

function PasswordForm({ shell, account, onChanged }: PasswordFormProps) {
  const text = useMessages(CREDENTIAL_MESSAGES);
  const hint = usePasswordHint();
  const change = async ({ current, next, again }: Readonly<Record<string, string>>) => {
    if (next !== again) return text.differ;
    const body = { current_password: current, new_password: next };
    const answer = await callApi('/api/session/password', { method: 'PUT', body });
    // 401 is of the password: where the session itself has ended the sign-in page takes this one's place.
    if (answer.kind === 'signed-out') return text.wrongPresent;
    if (answer.kind === 'missing') return text.away;
    if (answer.kind !== 'ok') return sayRefusal(answer, text);
    await shell.enter();
    onChanged();
    return undefined;
  };
  return (
    <section className="sign-in" aria-labelledby="password-title">
      <span className="notice-icon">
        <KeyRound className="icon" aria-hidden />
      </span>
      <h2 id="password-title">{account ?? text.changePassword}</h2>
      <p className="second">{text.changeText}</p>
      <CredentialsForm
        id="own-password"
        account={account}
        fields={[
          { name: 'current', label: text.current, autoComplete: 'current-password' },
          { name: 'next', label: text.next, autoComplete: 'new-password', hint },
          { name: 'again', label: text.again, autoComplete: 'new-password' },
        ]}
        submit={text.changePassword}
        onSubmit={change}
      />
    </section>
  );
}
