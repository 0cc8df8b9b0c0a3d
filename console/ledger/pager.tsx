import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useMessages } from '@trancendos/shell-api';
import { Button } from '@trancendos/ui';
import { LEDGER_MESSAGES } from './messages.ts';
import type { Pages } from './use-pages.ts';

/** Leads to the next page and back; nothing where there is one page only. */
export function Pager({ pages, nextCursor }: { readonly pages: Pages; readonly nextCursor: string | null }) {
  const text = useMessages(LEDGER_MESSAGES);
  if (pages.isFirst && nextCursor === null) return null;
  return (
    <div className="ledger-pager">
      <Button disabled={pages.isFirst} onClick={pages.goNewer}>
        <ChevronLeft className="icon" aria-hidden /> {text.newer}
      </Button>
      <Button disabled={nextCursor === null} onClick={() => nextCursor !== null && pages.goOlder(nextCursor)}>
        {text.older} <ChevronRight className="icon" aria-hidden />
      </Button>
    </div>
  );
}
