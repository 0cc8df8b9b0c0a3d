import { useMessages, useSession } from '@trancendos/shell-api';
import { Button, Dialog, useCell, useNow } from '@trancendos/ui';
import { useEffect } from 'react';
import { COMMAND_MESSAGES } from './command-messages.ts';
import type { OwnShell } from './make-shell.ts';

/** Asks a reader of whom nothing was seen for long whether they stay, and counts down to the end of their session. */
export function IdleDialog({ shell }: { readonly shell: OwnShell }) {
  const isAsking = useCell(shell.presence.isAsking);
  return isAsking ? <Question shell={shell} /> : null;
}

function Question({ shell }: { readonly shell: OwnShell }) {
  const text = useMessages(COMMAND_MESSAGES);
  const session = useSession();
  const leftMs = Date.parse(session?.idleExpiresAt ?? '') - useNow(250);
  const left = Number.isNaN(leftMs) ? '' : countdown(leftMs);
  useEffect(() => {
    const title = document.title;
    return () => {
      document.title = title;
    };
  }, []);
  useEffect(() => {
    document.title = `${left} · ${text.stillThere}`;
  }, [left, text]);
  const stay = () => void shell.presence.stay();
  return (
    <Dialog
      isOpen
      onClose={stay}
      title={text.stillThere}
      description={text.idleText}
      actions={
        <>
          <Button onClick={() => void shell.leave()}>{text.signOut}</Button>
          <Button variant="primary" onClick={stay}>
            {text.stay}
          </Button>
        </>
      }
    >
      <p className="countdown num" role="timer" aria-label={text.idleLeft}>
        {left}
      </p>
    </Dialog>
  );
}

/** `1:07`. */
function countdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
