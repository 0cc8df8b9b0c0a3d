import { messagesOf, type Remote } from '@trancendos/shell-api';
import { InsightsPage } from './insights-page.tsx';
import { INSIGHTS_MESSAGES } from './messages.ts';
import './utilities.css';

export const contract = 1;
export const remote: Remote = {
  id: 'insights',
  title: 'Insights',
  routes: [
    {
      path: '/insights',
      title: (locale) => messagesOf(INSIGHTS_MESSAGES, locale).insights,
      capability: 'insights:read',
      Page: InsightsPage,
    },
  ],
};
