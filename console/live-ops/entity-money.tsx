import { BookOpen } from 'lucide-react';
import type { EntityProfile } from '@trancendos/contracts/archive';
import type { Balance } from '@trancendos/contracts/balance';
import type { BalanceList } from '@trancendos/contracts/ledger';
import { Link, useApi, useMessages } from '@trancendos/shell-api';
import { formatMoney, Panel } from '@trancendos/ui';
import { ENTITY_MESSAGES } from './entity-messages.ts';

const LIVE_EVERY_MS = 1_000;
/** More currencies than one answer takes are not asked for. */
const CURRENCIES_MAX = 20;
const KINDS = { account: 'customer', merchant: 'merchant' } as const;

/** What the ledger has of a payer or a merchant at this moment, an account for each currency. */
export function EntityMoney({ profile: { type, id, amounts } }: { readonly profile: EntityProfile }) {
  const text = useMessages(ENTITY_MESSAGES);
  const kind = type === 'merchant' ? KINDS.merchant : KINDS.account;
  const query = amounts
    .slice(0, CURRENCIES_MAX)
    .map(({ currency }) => `account_id=${encodeURIComponent(`${kind}:${id}:${currency}`)}`)
    .join('&');
  const { state, retry } = useApi<BalanceList>(`/api/ledger/v1/balances?${query}`, { everyMs: LIVE_EVERY_MS });
  return (
    <div className="archive-panel">
      <Panel title={text.inLedger} state={state} onRetry={retry}>
        {({ balances }) =>
          balances.length === 0 ? (
            <p className="second">{text.noLedger}</p>
          ) : (
            balances.map((balance) => <AccountBalance key={balance.account_id} balance={balance} />)
          )
        }
      </Panel>
    </div>
  );
}

function AccountBalance({ balance }: { readonly balance: Balance }) {
  const text = useMessages(ENTITY_MESSAGES);
  const { account_id, currency, available, status, debits_posted, credits_posted, debits_pending, credits_pending } = balance;
  const held = BigInt(debits_pending) + BigInt(credits_pending);
  return (
    <div className="archive-balance num">
      <b data-balance={account_id}>{formatMoney((BigInt(credits_posted) - BigInt(debits_posted)).toString(), currency)}</b>
      <dl className="facts">
        <dt>{text.available}</dt>
        <dd>{available === null ? text.noLimit : formatMoney(available, currency)}</dd>
        <dt>{text.heldMoney}</dt>
        <dd>{formatMoney(held.toString(), currency)}</dd>
        <dt>{text.status}</dt>
        <dd>{text[status]}</dd>
      </dl>
      <Link className="button" href={`/ledger/accounts/${encodeURIComponent(account_id)}`}>
        <BookOpen className="icon" aria-hidden /> {text.openAccount}
      </Link>
    </div>
  );
}
