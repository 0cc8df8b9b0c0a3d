import { useState } from 'react';

export interface Pages {
  /** Of the page on screen; undefined for the first. */
  readonly cursor: string | undefined;
  readonly isFirst: boolean;
  readonly goOlder: (nextCursor: string) => void;
  readonly goNewer: () => void;
}

/** The way through an answer that comes in pages. Begins anew when `about` changes. */
export function usePages(about: string): Pages {
  const [trail, setTrail] = useState<{ readonly about: string; readonly cursors: readonly string[] }>({ about, cursors: [] });
  const cursors = trail.about === about ? trail.cursors : [];
  return {
    cursor: cursors.at(-1),
    isFirst: cursors.length === 0,
    goOlder: (nextCursor) => setTrail({ about, cursors: [...cursors, nextCursor] }),
    goNewer: () => setTrail({ about, cursors: cursors.slice(0, -1) }),
  };
}
