import { Copy } from 'lucide-react';
import { useMessages, useToast } from '@trancendos/shell-api';
import { IconButton } from '@trancendos/ui';
import { ARCHIVE_MESSAGES } from './archive-messages.ts';

export interface CopyIdProps {
  readonly id: string;
  /** Which id it is: `transaction id`. */
  readonly what: string;
  /** The button alone, where the id stands beside it already. */
  readonly isIdHidden?: boolean;
}

/** An id in full, with a button that copies it. */
export function CopyId({ id, what, isIdHidden = false }: CopyIdProps) {
  const text = useMessages(ARCHIVE_MESSAGES);
  const toast = useToast();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(id);
      toast({ title: text.copied, description: id });
    } catch {
      toast({ title: text.copyFailed, description: id, tone: 'bad' });
    }
  };
  return (
    <span className="archive-id">
      {!isIdHidden && <span className="mono">{id}</span>}
      <IconButton label={text.copy(what)} onClick={() => void copy()}>
        <Copy className="icon" aria-hidden />
      </IconButton>
    </span>
  );
}
