import type { FeedItem } from '@trancendos/contracts/socket';

/**
 * At most `max` of `items`, in their order: every review and decline, and approvals picked evenly over the frame to fill up.
 * Where reviews and declines alone are more than `max`, all of them stay: what a person has to see is never left out.
 */
export function sampleRows(items: readonly FeedItem[], max: number): readonly FeedItem[] {
  if (items.length <= max) return items;
  const approvals = items.reduce((count, { action }) => count + Number(action === 'approve'), 0);
  const room = Math.max(0, max - (items.length - approvals));
  let seen = 0;
  return items.filter(({ action }) => {
    if (action !== 'approve') return true;
    // Bresenham's rule: of `approvals` rows exactly `room` cross a whole number, evenly spread.
    const picked = Math.floor(((seen + 1) * room) / approvals) > Math.floor((seen * room) / approvals);
    seen++;
    return picked;
  });
}
