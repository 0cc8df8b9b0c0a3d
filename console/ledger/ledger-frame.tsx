import type { ReactNode } from 'react';
import { Link, useLocation, useMessages } from '@trancendos/shell-api';
import { LEDGER_MESSAGES } from './messages.ts';
import './ledger.css';

const VIEWS = [
  { href: '/ledger', key: 'accounts' },
  { href: '/ledger/journal', key: 'journal' },
  { href: '/ledger/holds', key: 'holds' },
] as const;

/** The ledger's pages under their common bar; `actions` stand at its end. */
export function LedgerFrame({ children, actions }: { readonly children: ReactNode; readonly actions?: ReactNode }) {
  const text = useMessages(LEDGER_MESSAGES);
  const { path } = useLocation();
  const current = path.startsWith('/ledger/accounts') ? '/ledger' : path;
  return (
    <div className="ledger-page">
      <div className="ledger-bar">
        <nav aria-label={text.views} className="ledger-views">
          {VIEWS.map(({ href, key }) => (
            <Link key={href} href={href} className="ledger-view" aria-current={current === href ? 'page' : undefined}>
              {text[key]}
            </Link>
          ))}
        </nav>
        <div className="ledger-actions">{actions}</div>
      </div>
      {children}
    </div>
  );
}
