import { useState } from 'react';

/** Where the view stands still: `upToSeq` is the newest row that it shows, undefined while it is live. */
export interface StandingView {
  readonly upToSeq: number | undefined;
  readonly isPaused: boolean;
  readonly pause: (isPaused: boolean) => void;
  /** The list was scrolled: to the top, or away from it. */
  readonly scrolled: (isAtTop: boolean) => void;
  /** A row has been taken up, so it must not run away. */
  readonly hold: () => void;
  /** No row is taken up any more. */
  readonly release: () => void;
}

/** Keeps rows from moving while the reader has paused, has scrolled away, or reads one of them. `newestSeq` tells where the feed is. */
export function useStandingView(newestSeq: () => number): StandingView {
  const [upToSeq, setUpToSeq] = useState<number>();
  const [isPaused, setPaused] = useState(false);
  const [isAtTop, setAtTop] = useState(true);
  const [isHeld, setHeld] = useState(false);
  const stand = () => setUpToSeq((before) => before ?? newestSeq());
  return {
    upToSeq,
    isPaused,
    pause: (next) => {
      setPaused(next);
      setUpToSeq(next ? newestSeq() : undefined);
    },
    scrolled: (nowAtTop) => {
      setAtTop(nowAtTop);
      if (!nowAtTop) stand();
      else if (!isPaused && !isHeld) setUpToSeq(undefined);
    },
    hold: () => {
      setHeld(true);
      stand();
    },
    release: () => {
      setHeld(false);
      if (!isPaused && isAtTop) setUpToSeq(undefined);
    },
  };
}
