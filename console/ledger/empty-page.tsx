import { defineMessages, useMessages } from '@trancendos/shell-api';
import { EmptyState } from '@trancendos/ui';

const MESSAGES = defineMessages({
  en: {
    title: 'Nothing is shown here yet',
    text: 'The accounts and the journal will stand here. Until then the ledger answers over its API.',
  },
  fr: {
    title: 'Rien à voir ici pour l’instant',
    text: 'Les comptes et le journal viendront ici. D’ici là, le grand livre répond par son API.',
  },
});

/** Stands in until the page has something to show. */
export function EmptyPage() {
  const { title, text } = useMessages(MESSAGES);
  return <EmptyState title={title}>{text}</EmptyState>;
}
