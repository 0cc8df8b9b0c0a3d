import { messagesOf, type Remote } from '@trancendos/shell-api';
import { AccountPage } from './account-page.tsx';
import { AccountsPage } from './accounts-page.tsx';
import { HoldsPage } from './holds-page.tsx';
import { JournalPage } from './journal-page.tsx';
import { LEDGER_MESSAGES } from './messages.ts';
import './utilities.css';

const title = (key: 'ledger' | 'account' | 'journal' | 'holds') => (locale: 'en' | 'fr') => messagesOf(LEDGER_MESSAGES, locale)[key];
const capability = 'ledger:read';

export const contract = 1;
export const remote: Remote = {
  id: 'ledger',
  title: 'Ledger',
  routes: [
    { path: '/ledger', title: title('ledger'), capability, Page: AccountsPage },
    { path: '/ledger/accounts/:id', title: title('account'), capability, Page: AccountPage },
    { path: '/ledger/journal', title: title('journal'), capability, Page: JournalPage },
    { path: '/ledger/holds', title: title('holds'), capability, Page: HoldsPage },
  ],
};
