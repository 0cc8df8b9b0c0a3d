import { defineMessages, useMessages } from '@trancendos/shell-api';
import { EmptyState } from '@trancendos/ui';

const MESSAGES = defineMessages({
  en: {
    title: 'Nothing is shown here yet',
    text: 'Rates, losses and latencies will stand here. Until then the dashboards of the platform show them.',
  },
  fr: {
    title: 'Rien à voir ici pour l’instant',
    text: 'Taux, pertes et latences viendront ici. D’ici là, les tableaux de bord de la plateforme les montrent.',
  },
});

/** Stands in until the page has something to show. */
export function EmptyPage() {
  const { title, text } = useMessages(MESSAGES);
  return <EmptyState title={title}>{text}</EmptyState>;
}
