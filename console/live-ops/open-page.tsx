import type { FeedItem } from '@trancendos/contracts/socket';
import { Maximize2 } from 'lucide-react';
import { useMemo } from 'react';
import { Link, messagesOf, useHotkeys, useLocale, useMessages, useNavigate, type Shortcut } from '@trancendos/shell-api';
import { ARCHIVE_MESSAGES } from './archive-messages.ts';
import { transactionHref } from './archive-path.ts';

/** Leads from the drawer to the payment's page; O does the same. */
export function OpenPage({ item }: { readonly item: FeedItem }) {
  const text = useMessages(ARCHIVE_MESSAGES);
  const language = useLocale();
  const navigate = useNavigate();
  const href = transactionHref(item);
  useHotkeys(
    useMemo((): readonly Shortcut[] => {
      const { openPage, livePage } = messagesOf(ARCHIVE_MESSAGES, language);
      return [{ id: 'live.open-page', keys: 'o', label: openPage, group: livePage, run: () => navigate(href) }];
    }, [language, href, navigate]),
  );
  return (
    <Link className="button" href={href}>
      <Maximize2 className="icon" aria-hidden /> {text.openPage} <kbd aria-hidden>O</kbd>
    </Link>
  );
}
