import type { Remote } from '@trancendos/shell-api';
import { EmptyPage } from './empty-page.tsx';
import './utilities.css';

export const contract = 1;
export const remote: Remote = {
  id: 'ledger',
  title: 'Ledger',
  routes: [
    { path: '/ledger', title: (locale) => (locale === 'fr' ? 'Grand livre' : 'Ledger'), capability: 'ledger:read', Page: EmptyPage },
  ],
};
