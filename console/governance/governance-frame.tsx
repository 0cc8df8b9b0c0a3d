import type { ReactNode } from 'react';
import { Link, useLocation, useMessages } from '@trancendos/shell-api';
import { GOVERNANCE_MESSAGES } from './messages.ts';
import './governance.css';

const VIEWS = [
  { href: '/governance', key: 'deciding' },
  { href: '/governance/sessions', key: 'sessions' },
  { href: '/governance/audit', key: 'audit' },
] as const;

/** The pages of governance under their common bar. */
export function GovernanceFrame({ children }: { readonly children: ReactNode }) {
  const text = useMessages(GOVERNANCE_MESSAGES);
  const { path } = useLocation();
  return (
    <div className="governance-page">
      <nav aria-label={text.views} className="governance-views">
        {VIEWS.map(({ href, key }) => (
          <Link key={href} href={href} className="governance-view" aria-current={path === href ? 'page' : undefined}>
            {text[key]}
          </Link>
        ))}
      </nav>
      {children}
    </div>
  );
}
