import type { Remote } from '@trancendos/shell-api';
import { EmptyPage } from './empty-page.tsx';
import './utilities.css';

export const contract = 1;
export const remote: Remote = {
  id: 'governance',
  title: 'Governance',
  routes: [
    {
      path: '/governance',
      title: (locale) => (locale === 'fr' ? 'Gouvernance' : 'Governance'),
      capability: 'governance:read',
      Page: EmptyPage,
    },
  ],
};
