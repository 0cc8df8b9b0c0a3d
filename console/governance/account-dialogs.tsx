import { useState, type ReactNode, type SubmitEvent } from 'react';
import type { Account, AccountWithLink, ListedAccount } from '@trancendos/contracts/account';
import type { Role } from '@trancendos/contracts/session';
import { callApi, useMessages, type ApiAnswer } from '@trancendos/shell-api';
import { Button, Dialog, formatDayClock } from '@trancendos/ui';
import { ACCOUNT_MESSAGES } from './account-messages.ts';
import { RoleBoxes } from './role-boxes.tsx';
import { sayFailure } from './say-failure.ts';

export interface AccountDialogProps<T> {
  readonly onClose: () => void;
  /** Called with what the gateway has answered. */
  readonly onDone: (data: T) => void;
}

/** Asks for a name and roles, and makes the account. */
export function CreateAccountDialog({ onClose, onDone }: AccountDialogProps<AccountWithLink>) {
  const text = useMessages(ACCOUNT_MESSAGES);
  const [name, setName] = useState('');
  const [roles, setRoles] = useState<readonly Role[]>(['analyst']);
  return (
    <AskingDialog
      title={text.create}
      description={text.createText}
      submit={text.create}
      refusal={roles.length === 0 ? text.chooseRole : undefined}
      ask={() => callApi<AccountWithLink>('/api/accounts', { method: 'POST', body: { name, roles } })}
      onClose={onClose}
      onDone={onDone}
    >
      <div className="field">
        <label htmlFor="account-name">{text.name}</label>
        <input
          id="account-name"
          className="input"
          value={name}
          onChange={(event) => setName(event.target.value)}
          aria-describedby="account-name-hint"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <span id="account-name-hint" className="second">
          {text.nameHint}
        </span>
      </div>
      <RoleBoxes chosen={roles} onChosen={setRoles} />
    </AskingDialog>
  );
}

/** Asks for other roles, and gives them. */
export function ChangeRolesDialog({ account, onClose, onDone }: AccountDialogProps<Account> & { readonly account: ListedAccount }) {
  const text = useMessages(ACCOUNT_MESSAGES);
  const [roles, setRoles] = useState<readonly Role[]>(account.roles);
  return (
    <AskingDialog
      title={text.changeRolesOf(account.name)}
      description={text.changeRolesText}
      submit={text.save}
      refusal={roles.length === 0 ? text.chooseRole : undefined}
      ask={() => callApi<Account>(`/api/accounts/${account.id}`, { method: 'PATCH', body: { roles } })}
      onClose={onClose}
      onDone={onDone}
    >
      <RoleBoxes chosen={roles} onChosen={setRoles} />
    </AskingDialog>
  );
}

/** What can be done to an account after a plain question. */
export type AccountAct = 'newLink' | 'unlock' | 'end' | 'disable' | 'enable';

/** Asks whether it is meant, and does it. Of `newLink` the answer is a link. */
export function ConfirmDialog({
  act,
  account,
  onClose,
  onDone,
}: AccountDialogProps<unknown> & { readonly act: AccountAct; readonly account: ListedAccount }) {
  const text = useMessages(ACCOUNT_MESSAGES);
  return (
    <AskingDialog
      title={text[`${act}Title`](account.name)}
      description={text[`${act}Text`]}
      submit={text[act]}
      isDanger={act === 'disable' || act === 'end'}
      ask={() => doAct(act, account)}
      onClose={onClose}
      onDone={onDone}
    />
  );
}

function doAct(act: AccountAct, { id }: ListedAccount): Promise<ApiAnswer<unknown>> {
  switch (act) {
    case 'newLink':
      return callApi<AccountWithLink>(`/api/accounts/${id}/link`, { method: 'POST' });
    case 'unlock':
      return callApi(`/api/accounts/${id}/lock`, { method: 'DELETE' });
    case 'end':
      return callApi(`/api/accounts/${id}/sessions`, { method: 'DELETE' });
    case 'disable':
    case 'enable':
      return callApi(`/api/accounts/${id}`, { method: 'PATCH', body: { disabled: act === 'disable' } });
  }
}

/** Shows a link, the only time that it can be seen. */
export function LinkDialog({ made: { account, link }, onClose }: { readonly made: AccountWithLink; readonly onClose: () => void }) {
  const text = useMessages(ACCOUNT_MESSAGES);
  const [isCopied, setCopied] = useState(false);
  const address = location.origin + link.path;
  const copy = () => void navigator.clipboard.writeText(address).then(() => setCopied(true));
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={text.linkOf(account.name)}
      description={text.linkText(formatDayClock(link.expires_at).slice(0, -3))}
      size="wide"
      actions={
        <Button variant="primary" onClick={onClose}>
          {text.done}
        </Button>
      }
    >
      <div className="governance-link">
        <input className="input mono" aria-label={text.link} readOnly value={address} onFocus={(event) => event.currentTarget.select()} />
        <Button onClick={copy}>{text.copy}</Button>
        <span className="second" role="status">
          {isCopied && text.copied}
        </span>
      </div>
    </Dialog>
  );
}

interface AskingDialogProps<T> extends AccountDialogProps<T> {
  readonly title: string;
  readonly description: string;
  readonly submit: string;
  /** Why it cannot be done as it stands. */
  readonly refusal?: string | undefined;
  readonly isDanger?: boolean;
  readonly ask: () => Promise<ApiAnswer<T>>;
  readonly children?: ReactNode;
}

/** A question with two ends; what the gateway refuses is said where it was asked. */
function AskingDialog<T>({ title, description, submit, refusal, isDanger = false, ask, children, onClose, onDone }: AskingDialogProps<T>) {
  const text = useMessages(ACCOUNT_MESSAGES);
  const [fault, setFault] = useState<string>();
  const [isUnderWay, setUnderWay] = useState(false);
  const act = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (refusal !== undefined) return;
    setUnderWay(true);
    const answer = await ask();
    setUnderWay(false);
    if (answer.kind === 'ok') onDone(answer.data);
    else setFault(sayFailure(answer, text));
  };
  return (
    <Dialog isOpen onClose={onClose} title={title} description={description}>
      <form className="governance-form" onSubmit={(event) => void act(event)}>
        {children}
        <p className="governance-fault" role="alert">
          {refusal ?? fault}
        </p>
        <div className="overlay-actions">
          <Button onClick={onClose}>{text.cancel}</Button>
          <Button type="submit" variant={isDanger ? 'danger' : 'primary'} disabled={isUnderWay} disabledReason={refusal}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
