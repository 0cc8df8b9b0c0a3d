import { UserPlus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { callApi, useMessages } from '@trancendos/shell-api';
import type { LinkAnswer } from '@trancendos/contracts/session';
import { Notice } from '@trancendos/ui';
import { CREDENTIAL_MESSAGES } from './credential-messages.ts';
import { CredentialsForm } from './credentials-form.tsx';
import type { OwnShell } from './make-shell.ts';
import { sayRefusal } from './say-refusal.ts';
import { SIGN_IN_MESSAGES } from './sign-in-messages.ts';
import { usePasswordHint } from './use-password-hint.ts';

type Question = { readonly kind: 'asking' } | { readonly kind: 'spent' } | { readonly kind: 'open'; readonly link: LinkAnswer };

/** `/set-up#<token>`: makes the account of a one-time link, or gives it another password. */
export function SetUpPage({ shell, token }: { readonly shell: OwnShell; readonly token: string }) {
  const text = useMessages(SIGN_IN_MESSAGES);
  const [question, setQuestion] = useState<Question>({ kind: 'asking' });
  const credentials = useMessages(CREDENTIAL_MESSAGES);
  const hint = usePasswordHint();
  useEffect(() => {
    void callApi<LinkAnswer>('/api/session/link', { method: 'POST', body: { token } }).then((answer) =>
      setQuestion(answer.kind === 'ok' ? { kind: 'open', link: answer.data } : { kind: 'spent' }),
    );
  }, [token]);
  const setUp = async (values: Readonly<Record<string, string>>) => {
    const answer = await callApi('/api/session/set-up', { method: 'POST', body: { token, ...values } });
    if (answer.kind === 'signed-out' || answer.kind === 'missing') return text.spent;
    if (answer.kind !== 'ok') return sayRefusal(answer, credentials);
    await shell.enter();
    return undefined;
  };
  if (question.kind === 'asking') return <p className="visually-hidden">{text.checking}</p>;
  if (question.kind === 'spent') return <Notice title={text.linkRefused}>{text.spent}</Notice>;
  const { link } = question;
  return (
    <section className="sign-in" aria-labelledby="set-up-title">
      <span className="notice-icon">
        <UserPlus className="icon" aria-hidden />
      </span>
      <h2 id="set-up-title">{link.name ?? text.setUpTitle}</h2>
      <p className="second">{text.setUpText}</p>
      <CredentialsForm
        id="set-up"
        account={link.name ?? undefined}
        fields={[
          ...(link.name === null ? [{ name: 'name', label: text.name, autoComplete: 'username' } as const] : []),
          { name: 'password', label: text.newPassword, autoComplete: 'new-password', hint },
        ]}
        submit={text.setUp}
        onSubmit={setUp}
      />
    </section>
  );
}
