import type { Remote } from '@trancendos/shell-api';
import { EmptyPage } from './empty-page.tsx';
import './utilities.css';

export const contract = 1;
export const remote: Remote = {
  id: 'insights',
  title: 'Insights',
  routes: [
    { path: '/insights', title: (locale) => (locale === 'fr' ? 'Analyses' : 'Insights'), capability: 'insights:read', Page: EmptyPage },
  ],
};
