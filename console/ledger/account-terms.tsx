import type { LedgerAccount } from '@trancendos/contracts/ledger';
import { useMessages } from '@trancendos/shell-api';
import { formatCount, formatDay, formatMoney } from '@trancendos/ui';
import { LEDGER_MESSAGES } from './messages.ts';

/** What an account may do, and since when it is there. */
export function AccountTerms({ account }: { readonly account: LedgerAccount }) {
  const text = useMessages(LEDGER_MESSAGES);
  const { currency, overdraft, velocity, on_expiry, opened_at, debits_posted, credits_posted } = account;
  return (
    <aside className="ledger-terms" aria-label={text.terms}>
      <h2 className="ledger-section">{text.terms}</h2>
      <dl className="facts num">
        <dt>{text.opened}</dt>
        <dd>{formatDay(opened_at)}</dd>
        <dt>{text.overdraft}</dt>
        <dd>{overdraft === null ? text.unlimited : formatMoney(overdraft, currency)}</dd>
        <dt>{text.onExpiry}</dt>
        <dd>{on_expiry === 'void' ? text.void : text.post}</dd>
        <dt>{text.velocity}</dt>
        <dd>{velocity.length === 0 ? text.unlimited : velocity.map((limit) => describeLimit(limit, account)).join(', ')}</dd>
        <dt>{text.debit}</dt>
        <dd>{formatMoney(debits_posted, currency)}</dd>
        <dt>{text.credit}</dt>
        <dd>{formatMoney(credits_posted, currency)}</dd>
      </dl>
    </aside>
  );
}

function describeLimit({ window, max_count, max_sum_minor }: LedgerAccount['velocity'][number], { currency }: LedgerAccount): string {
  const sum = max_sum_minor === null ? '' : `, ${formatMoney(max_sum_minor, currency)}`;
  return `${formatCount(max_count)}${sum} / ${window.replace(/(\d+)/, '$1 ')}`;
}
