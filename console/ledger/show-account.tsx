import { CircleCheck, CircleX, Snowflake } from 'lucide-react';
import type { Balance } from '@trancendos/contracts/balance';
import { useMessages } from '@trancendos/shell-api';
import { Badge } from '@trancendos/ui';
import { LEDGER_MESSAGES } from './messages.ts';
import { nameAccountKind } from './name-account-kind.ts';

/** What an account is called: its holder, with the kind in a quieter hand. `customer:ACC-1:EUR` is `ACC-1 customer`. */
export function AccountName({ id }: { readonly id: string }) {
  const [kind = '', ...rest] = id.split(':');
  return (
    <span className="ledger-account" title={id}>
      {rest.slice(0, -1).join(':')} <small>{nameAccountKind(kind)}</small>
    </span>
  );
}

/** Credits posted less debits posted, in digits of minor units. */
export function balanceOf(counters: Pick<Balance, 'credits_posted' | 'debits_posted'>): string {
  return (BigInt(counters.credits_posted) - BigInt(counters.debits_posted)).toString();
}

/** What is held, going out and coming in, in digits of minor units. */
export function heldOf(counters: Pick<Balance, 'credits_pending' | 'debits_pending'>): string {
  return (BigInt(counters.debits_pending) + BigInt(counters.credits_pending)).toString();
}

export function AccountStatusBadge({ status }: { readonly status: Balance['status'] }) {
  const text = useMessages(LEDGER_MESSAGES);
  if (status === 'open') return <span className="text-muted">{text.open}</span>;
  const Icon = status === 'frozen' ? Snowflake : CircleX;
  return (
    <Badge tone="neutral">
      <Icon className="icon" aria-hidden /> {text[status]}
    </Badge>
  );
}

/** Whether debits equal credits, as icon and words. */
export function BalancedSignal({ isBalanced }: { readonly isBalanced: boolean }) {
  const text = useMessages(LEDGER_MESSAGES);
  const Icon = isBalanced ? CircleCheck : CircleX;
  return (
    <span className="signal" data-tone={isBalanced ? 'ok' : 'bad'}>
      <Icon className="icon" aria-hidden /> {isBalanced ? text.balanced : text.unbalanced}
    </span>
  );
}
