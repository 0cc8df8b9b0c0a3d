import type { Presence } from './presence.ts';

const TICK_MS = 1_000;
const ACTS = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

/** Tells `presence` what the reader does with this page. */
export function followPresence(presence: Presence): void {
  const notice = () => presence.notice();
  for (const act of ACTS) window.addEventListener(act, notice, { capture: true, passive: true });
  window.addEventListener('pointermove', noticeMoves(notice), { capture: true, passive: true });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) notice();
  });
  setInterval(() => void presence.tick(), TICK_MS);
}

/** Browsers also report a pointer that rests while the page moves below it, as the feed does all the time. */
function noticeMoves(notice: () => void): (event: PointerEvent) => void {
  let at: string | undefined;
  return ({ screenX, screenY }) => {
    const now = `${screenX} ${screenY}`;
    if (at !== undefined && at !== now) notice();
    at = now;
  };
}
