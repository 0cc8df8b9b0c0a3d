import type { Frame, Pace, Refused, Snapshot } from '@trancendos/contracts/socket';

/** What a console is sent of the feed. */
export type FeedMessage =
  | { readonly event: 'frame'; readonly message: Frame }
  | { readonly event: 'snapshot'; readonly message: Snapshot }
  | { readonly event: 'pace'; readonly message: Pace }
  | { readonly event: 'refused'; readonly message: Refused };

/** One console as the feed sees it. */
export interface FeedClient {
  send(message: FeedMessage): void;
  /** Messages that its connection has not taken yet. */
  backlog(): number;
  /** Bytes of them. */
  bufferedBytes(): number;
}

/** Consoles that get the same messages at the same time; a message for a group is encoded once. */
export interface FeedAudience<C extends FeedClient> {
  join(client: C, group: string): void;
  leave(client: C, group: string): void;
  broadcast(group: string, message: FeedMessage): void;
}
