import type { ClientToServer, Hello, ServerToClient } from '@trancendos/contracts/socket';
import type { Cell } from '@trancendos/ui';
import type { Socket } from 'socket.io-client';

/** How the page stands with the gateway. `sinceMs` is when that began, `attempt` how often a connection has been tried since. */
export interface Connection {
  readonly state: 'connecting' | 'connected' | 'reconnecting' | 'offline' | 'signed-out';
  readonly sinceMs: number;
  readonly attempt: number;
  /** Why the gateway let nobody in, where it said so. */
  readonly refused: string | undefined;
}

/** The console's one socket, which the shell opens and keeps; remotes listen and speak on it. */
export interface SocketLink {
  readonly socket: Socket<ServerToClient, ClientToServer>;
  readonly connection: Cell<Connection>;
  /** What the gateway said at the last connection. */
  readonly hello: Cell<Hello | undefined>;
  /** The gateway speaks another version of the messages than this page. */
  readonly isOutdated: Cell<boolean>;
  /** Epoch ms of the last message of the feed, which comes at least once a second where a page follows it; 0 before the first. */
  readonly receivedAtMs: Cell<number>;
  /** Tries to connect at once. */
  retry(): void;
}
