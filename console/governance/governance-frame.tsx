import type { ReactNode } from 'react';
import { Link, useLocation, useMessages, useSession, type Capability } from '@trancendos/shell-api';
import { GOVERNANCE_MESSAGES } from './messages.ts';
import './governance.css';

const VIEWS = [
  { href: '/governance', key: 'deciding' },
  { href: '/governance/accounts', key: 'accounts', capability: 'accounts:manage' },
  { href: '/governance/sessions', key: 'sessions' },
  { href: '/governance/audit', key: 'audit' },
] as const satisfies readonly { readonly href: string; readonly key: string; readonly capability?: Capability }[];

/** The pages of governance under their common bar. */
export function GovernanceFrame({ children }: { readonly children: ReactNode }) {
  const text = useMessages(GOVERNANCE_MESSAGES);
  const { path } = useLocation();
  const held = useSession()?.capabilities;
  // Accounts are for admins alone; whoever is not one need not be reminded of it on every page.
  const views = VIEWS.filter((view) => !('capability' in view) || held?.includes(view.capability));
  return (
    <div className="governance-page">
      <nav aria-label={text.views} className="governance-views">
        {views.map(({ href, key }) => (
          <Link key={href} href={href} className="governance-view" aria-current={path === href ? 'page' : undefined}>
            {text[key]}
          </Link>
        ))}
      </nav>
      {children}
    </div>
  );
}
