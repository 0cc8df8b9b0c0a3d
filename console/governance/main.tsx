import { messagesOf, type Remote } from '@trancendos/shell-api';
import { AccountsPage } from './accounts-page.tsx';
import { AuditPage } from './audit-page.tsx';
import { DecidingPage } from './deciding-page.tsx';
import { GOVERNANCE_MESSAGES } from './messages.ts';
import { SessionsPage } from './sessions-page.tsx';
import './utilities.css';

const title = (key: 'governance' | 'accounts' | 'sessions' | 'audit') => (locale: 'en' | 'fr') =>
  messagesOf(GOVERNANCE_MESSAGES, locale)[key];

export const contract = 1;
export const remote: Remote = {
  id: 'governance',
  title: 'Governance',
  routes: [
    { path: '/governance', title: title('governance'), capability: 'governance:read', Page: DecidingPage },
    { path: '/governance/accounts', title: title('accounts'), capability: 'accounts:manage', Page: AccountsPage },
    { path: '/governance/sessions', title: title('sessions'), capability: 'sessions:read', Page: SessionsPage },
    { path: '/governance/audit', title: title('audit'), capability: 'audit:read', Page: AuditPage },
  ],
};
