import { useLayoutEffect, useState, type RefObject } from 'react';
import { flushSync } from 'react-dom';
import { windowOf, type RowWindow } from './window-of.ts';

export interface RowList {
  readonly count: number;
  readonly rowPx: number;
  /** Height of the head, which stands over the first of the rows in sight. */
  readonly headPx: number;
}

export interface RowWindowView extends RowWindow {
  /** Scrolls as little as is needed for row `index` to be in sight. */
  readonly scrollTo: (index: number) => void;
}

/** Which rows of a scrolled list of equal heights have to be in the document; renders again only where they are others. */
export function useRowWindow(scroller: RefObject<HTMLElement | null>, { count, rowPx, headPx }: RowList): RowWindowView {
  const [sight, setSight] = useState({ firstInSight: 0, rowsInSight: 0 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => {
      const firstInSight = Math.floor(element.scrollTop / rowPx);
      const rowsInSight = Math.ceil((element.clientHeight - headPx) / rowPx);
      setSight((before) =>
        before.firstInSight === firstInSight && before.rowsInSight === rowsInSight ? before : { firstInSight, rowsInSight },
      );
    };
    look();
    const resized = new ResizeObserver(look);
    resized.observe(element);
    // In the frame that shows the new place, or it would be blank at first.
    const scrolled = () => flushSync(look);
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener('scroll', scrolled);
    };
  }, [scroller, rowPx, headPx]);
  const scrollTo = (index: number) => {
    const element = scroller.current;
    if (!element) return;
    const most = index * rowPx;
    const least = most + rowPx + headPx - element.clientHeight;
    element.scrollTo({ top: Math.min(most, Math.max(least, element.scrollTop)) });
  };
  return { ...windowOf(sight, count), scrollTo };
}
