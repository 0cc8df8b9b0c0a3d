import { defineMessages, useMessages } from '@trancendos/shell-api';
import { EmptyState } from '@trancendos/ui';

const MESSAGES = defineMessages({
  en: {
    title: 'Nothing is shown here yet',
    text: 'The active model, rules, lists and audit events will stand here. Until then scoring answers over its API.',
  },
  fr: {
    title: 'Rien à voir ici pour l’instant',
    text: 'Le modèle actif, les règles, les listes et le journal d’audit viendront ici. D’ici là, le service de score répond par son API.',
  },
});

/** Stands in until the page has something to show. */
export function EmptyPage() {
  const { title, text } = useMessages(MESSAGES);
  return <EmptyState title={title}>{text}</EmptyState>;
}
