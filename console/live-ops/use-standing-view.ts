import { useState } from 'react';
import type { FeedStore } from './feed-store.ts';
import type { FeedRow } from './row-ring.ts';

/** Rows that stand still, and how many outcomes had fitted when they began to. */
interface StandingRows {
  readonly rows: readonly FeedRow[];
  readonly matched: number;
}

export interface StandingView {
  /** What the view shows while it stands still; undefined while it is live. */
  readonly standing: StandingRows | undefined;
  readonly isPaused: boolean;
  readonly pause: (isPaused: boolean) => void;
  /** The list was scrolled: to the top, or away from it. */
  readonly scrolled: (isAtTop: boolean) => void;
  /** A row has been taken up, so it must not run away. */
  readonly hold: () => void;
  /** No row is taken up any more. */
  readonly release: () => void;
  /** Other rows are asked for: those that stood still are of no use. */
  readonly drop: () => void;
}

/**
 * Keeps rows from moving while the reader has paused, has scrolled away, or reads one of them. They are kept apart from the feed, which
 * goes on: however long somebody reads, no row is pushed out from under them, and what comes meanwhile is there afterwards.
 */
export function useStandingView(feed: FeedStore): StandingView {
  const [standing, setStanding] = useState<StandingRows>();
  const [isPaused, setPaused] = useState(false);
  const [isAtTop, setAtTop] = useState(true);
  const [isHeld, setHeld] = useState(false);
  const capture = () => ({ rows: feed.rowsNewestFirst(), matched: feed.matched });
  const stand = () => setStanding((before) => before ?? capture());
  return {
    standing,
    isPaused,
    pause: (next) => {
      setPaused(next);
      setStanding(next ? capture() : undefined);
    },
    scrolled: (nowAtTop) => {
      setAtTop(nowAtTop);
      if (!nowAtTop) stand();
      else if (!isPaused && !isHeld) setStanding(undefined);
    },
    hold: () => {
      setHeld(true);
      stand();
    },
    release: () => {
      setHeld(false);
      if (!isPaused && isAtTop) setStanding(undefined);
    },
    drop: () => setStanding(undefined),
  };
}
