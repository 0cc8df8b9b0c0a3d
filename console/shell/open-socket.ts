import type { Hello } from '@trancendos/contracts/socket';
import type { Connection, SocketLink } from '@trancendos/shell-api';
import { Cell } from '@trancendos/ui';
import { io } from 'socket.io-client';

/** The version of the messages that this page speaks. */
const SPOKEN: Hello['v'] = 2;
const REFUSED_RETRY_MS = 3_000;
const ENDED_RETRY_MS = 500;

/** Opens the console's socket and keeps it open. */
export function openSocket(): SocketLink {
  const socket: SocketLink['socket'] = io({
    transports: ['websocket'],
    autoConnect: false,
    timeout: 5_000, // a handshake with a gateway that dies meanwhile is never answered; after 20 s what was missed is no longer at hand
    reconnectionDelay: 250,
    reconnectionDelayMax: 1_000, // an analyst looks at a page that stands still; consoles are few
  });
  const connection = new Cell<Connection>({ state: 'connecting', sinceMs: Date.now(), attempt: 0, refused: undefined });
  const hello = new Cell<Hello | undefined>(undefined);
  const isOutdated = new Cell(false);
  const receivedAtMs = new Cell(0);
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const retry = () => {
    clearTimeout(waiting);
    socket.connect();
  };
  const retryIn = (delayMs: number) => {
    clearTimeout(waiting);
    waiting = setTimeout(retry, delayMs);
  };
  const leave = (state: Connection['state'], refused?: string) => {
    const before = connection.get();
    const next = state === 'reconnecting' && !navigator.onLine ? 'offline' : state;
    const sinceMs = before.state === 'connected' ? Date.now() : before.sinceMs;
    connection.set({ state: next, sinceMs, attempt: before.attempt, refused });
  };

  socket.on('connect', () => connection.set({ state: 'connected', sinceMs: Date.now(), attempt: 0, refused: undefined }));
  socket.on('hello', (said) => {
    isOutdated.set((said.v as number) !== SPOKEN);
    hello.set(said);
  });
  // Only the feed comes at least once a second: a page that does not follow it has nothing to be late with.
  socket.on('snapshot', () => receivedAtMs.set(Date.now()));
  socket.on('frame', () => receivedAtMs.set(Date.now()));
  socket.on('disconnect', (reason) => {
    leave('reconnecting');
    // The gateway ends a connection when its session ends; asking again tells which it was.
    if (reason === 'io server disconnect') retryIn(ENDED_RETRY_MS);
  });
  socket.on('connect_error', (error: Error & { data?: { code?: unknown } }) => {
    const code = typeof error.data?.code === 'string' ? error.data.code : undefined;
    leave(code === 'session_missing' ? 'signed-out' : 'reconnecting', code);
    if (!socket.active && code !== 'session_missing') retryIn(REFUSED_RETRY_MS);
  });
  socket.io.on('reconnect_attempt', (attempt) => connection.set({ ...connection.get(), attempt }));
  window.addEventListener('online', retry);
  window.addEventListener('offline', () => leave('offline'));
  // Signing in happens in another tab, too: coming back to this one is the moment to look again.
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && connection.get().state === 'signed-out') retry();
  });
  socket.connect();
  return { socket, connection, hello, isOutdated, receivedAtMs, retry };
}
