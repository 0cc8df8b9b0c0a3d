import { EllipsisVertical, Lock, UserPlus } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { AccountList, AccountWithLink, ListedAccount } from '@trancendos/contracts/account';
import { useApi, useMessages, useSession, useToast } from '@trancendos/shell-api';
import { Badge, Button, DataTable, formatDayClock, formatMinute, Menu, Panel, type Column } from '@trancendos/ui';
import { nameRoles } from '../wording/name-role.ts';
import { ChangeRolesDialog, ConfirmDialog, CreateAccountDialog, LinkDialog, type AccountAct } from './account-dialogs.tsx';
import { ACCOUNT_MESSAGES } from './account-messages.ts';
import { GovernanceFrame } from './governance-frame.tsx';

const EVERY_MS = 10_000;

/** What is asked at present. */
type Question =
  | { readonly kind: 'create' }
  | { readonly kind: 'changeRoles'; readonly account: ListedAccount }
  | { readonly kind: AccountAct; readonly account: ListedAccount }
  | { readonly kind: 'link'; readonly made: AccountWithLink };

/** `/governance/accounts`: who may sign in, and everything that admins do about it. */
export function AccountsPage() {
  const text = useMessages(ACCOUNT_MESSAGES);
  const { state, retry } = useApi<AccountList>('/api/accounts', { everyMs: EVERY_MS });
  const [question, setQuestion] = useState<Question>();
  const create = (
    <Button variant="primary" onClick={() => setQuestion({ kind: 'create' })}>
      <UserPlus className="icon" aria-hidden /> {text.create}
    </Button>
  );
  return (
    <GovernanceFrame>
      <Panel
        title={text.accounts}
        state={state}
        onRetry={retry}
        isEmpty={({ accounts }) => accounts.length === 0}
        empty={{ title: text.noAccounts }}
        actions={create}
      >
        {({ accounts, locks_known }) => (
          <>
            {!locks_known && <p className="governance-drift-says second">{text.locksUnknown}</p>}
            <AccountTable accounts={accounts} onQuestion={setQuestion} />
          </>
        )}
      </Panel>
      {question && <AskedQuestion question={question} onQuestion={setQuestion} onChanged={retry} />}
    </GovernanceFrame>
  );
}

interface AskedQuestionProps {
  readonly question: Question;
  readonly onQuestion: (next: Question | undefined) => void;
  readonly onChanged: () => void;
}

function AskedQuestion({ question, onQuestion, onChanged }: AskedQuestionProps) {
  const text = useMessages(ACCOUNT_MESSAGES);
  const toast = useToast();
  const close = () => onQuestion(undefined);
  const showLink = (made: AccountWithLink) => {
    onQuestion({ kind: 'link', made });
    onChanged();
  };
  const tell = (what: string, { name }: ListedAccount) => {
    close();
    toast({ title: text.isDone(what, name), tone: 'ok' });
    onChanged();
  };
  switch (question.kind) {
    case 'create':
      return <CreateAccountDialog onClose={close} onDone={showLink} />;
    case 'link':
      return <LinkDialog made={question.made} onClose={close} />;
    case 'changeRoles':
      return <ChangeRolesDialog account={question.account} onClose={close} onDone={() => tell(text.changeRoles, question.account)} />;
    default: {
      const { kind: act, account } = question;
      const done = (data: unknown) => (act === 'newLink' ? showLink(data as AccountWithLink) : tell(text[act], account));
      return <ConfirmDialog act={act} account={account} onClose={close} onDone={done} />;
    }
  }
}

interface AccountTableProps {
  readonly accounts: readonly ListedAccount[];
  readonly onQuestion: (question: Question) => void;
}

function AccountTable({ accounts, onQuestion }: AccountTableProps) {
  const text = useMessages(ACCOUNT_MESSAGES);
  const own = useSession()?.user.id;
  const columns = useMemo(
    (): readonly Column<ListedAccount>[] => [
      {
        id: 'name',
        title: text.name,
        cell: ({ id, name }) => (
          <>
            {name} {id === own && <Badge tone="accent">{text.you}</Badge>}
          </>
        ),
        sortBy: ({ name }) => name,
      },
      { id: 'roles', title: text.roles, cell: ({ roles }) => nameRoles(roles), sortBy: ({ roles }) => roles.join() },
      {
        id: 'status',
        title: text.status,
        width: '260px',
        cell: (account) => <AccountState account={account} />,
        sortBy: ({ status }) => status,
      },
      {
        id: 'last',
        title: text.lastSignIn,
        width: '190px',
        cell: ({ last_sign_in_at: last }) => <span className="mono">{last === null ? text.never : formatDayClock(last)}</span>,
        sortBy: ({ last_sign_in_at: last }) => last ?? '',
      },
      {
        id: 'actions',
        title: text.actions,
        align: 'end',
        width: '90px',
        cell: (account) => <AccountActions account={account} onQuestion={onQuestion} />,
      },
    ],
    [text, own, onQuestion],
  );
  return (
    <DataTable
      caption={text.accounts}
      columns={columns}
      rows={accounts}
      rowKey={({ id }) => id}
      initialSort={{ columnId: 'name', isDescending: false }}
    />
  );
}

function AccountState({ account: { status, locked_until } }: { readonly account: ListedAccount }) {
  const text = useMessages(ACCOUNT_MESSAGES);
  return (
    <>
      <Badge tone={status === 'active' ? 'ok' : 'neutral'}>{text[`status_${status}`]}</Badge>{' '}
      {locked_until !== null && (
        <Badge tone="warn">
          <Lock className="icon" aria-hidden /> {text.lockedUntil(formatMinute(locked_until))}
        </Badge>
      )}
    </>
  );
}

function AccountActions({ account, onQuestion }: { readonly account: ListedAccount; readonly onQuestion: (question: Question) => void }) {
  const text = useMessages(ACCOUNT_MESSAGES);
  const isDisabled = account.status === 'disabled';
  const item = (kind: AccountAct | 'changeRoles', disabledReason?: string) => ({
    label: text[kind],
    run: () => onQuestion({ kind, account }),
    disabledReason,
  });
  const trigger = (
    <button type="button" className="icon-button" aria-label={text.actionsOf(account.name)}>
      <EllipsisVertical className="icon" aria-hidden />
    </button>
  );
  return (
    <Menu
      trigger={trigger}
      groups={[
        {
          title: account.name,
          items: [
            item('changeRoles'),
            item('newLink', isDisabled ? text.status_disabled : undefined),
            item('unlock', account.locked_until === null ? text.unlockNot : undefined),
          ],
        },
        { items: [item('end'), item(isDisabled ? 'enable' : 'disable')] },
      ]}
    />
  );
}
