import { UserPlus } from 'lucide-react';
import { useEffect, useState, type SubmitEvent } from 'react';
import { callApi, useMessages } from '@trancendos/shell-api';
import type { LinkAnswer } from '@trancendos/contracts/session';
import { Button, Notice } from '@trancendos/ui';
import type { OwnShell } from './make-shell.ts';
import { SIGN_IN_MESSAGES } from './sign-in-messages.ts';

type Question = { readonly kind: 'asking' } | { readonly kind: 'spent' } | { readonly kind: 'open'; readonly link: LinkAnswer };

/** `/set-up#<token>`: makes the account of a one-time link, or gives it another password. */
export function SetUpPage({ shell, token }: { readonly shell: OwnShell; readonly token: string }) {
  const text = useMessages(SIGN_IN_MESSAGES);
  const [question, setQuestion] = useState<Question>({ kind: 'asking' });
  const [fault, setFault] = useState<string>();
  useEffect(() => {
    void callApi<LinkAnswer>('/api/session/link', { method: 'POST', body: { token } }).then((answer) =>
      setQuestion(answer.kind === 'ok' ? { kind: 'open', link: answer.data } : { kind: 'spent' }),
    );
  }, [token]);
  const setUp = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = form.get('name');
    const body = { token, password: form.get('password'), ...(name !== null && { name }) };
    const answer = await callApi('/api/session/set-up', { method: 'POST', body });
    if (answer.kind === 'ok') await shell.enter();
    else setFault(answer.kind === 'failed' ? answer.detail : text.spent);
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
      <form className="sign-in-form" onSubmit={(event) => void setUp(event)}>
        {link.name === null && (
          <div className="field">
            <label htmlFor="set-up-name">{text.name}</label>
            <input
              id="set-up-name"
              name="name"
              className="input"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
            />
          </div>
        )}
        <div className="field">
          <label htmlFor="set-up-password">{text.newPassword}</label>
          <input id="set-up-password" name="password" type="password" className="input" autoComplete="new-password" required />
        </div>
        <p className="sign-in-fault" role="alert">
          {fault}
        </p>
        <Button type="submit" variant="primary">
          {text.setUp}
        </Button>
      </form>
    </section>
  );
}
