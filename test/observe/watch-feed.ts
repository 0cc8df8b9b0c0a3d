import { RoomFollower } from '@trancendos/contracts/follow-room';
import type { ClientToServer, ServerToClient } from '@trancendos/contracts/socket';
import { io, type Socket } from 'socket.io-client';

/** Signs in by `login` and watches the live feed like an open page, so that the feed has somebody to serve. `stop` closes the page. */
export async function watchFeed(consoleUrl: string, login: string): Promise<{ stop(): void }> {
  const answer = await fetch(login, { redirect: 'manual' });
  const cookie = answer.headers
    .getSetCookie()
    .map((text) => text.split(';')[0])
    .join('; ');
  const follower = new RoomFollower();
  const socket: Socket<ServerToClient, ClientToServer> = io(consoleUrl, {
    transports: ['websocket'],
    extraHeaders: { cookie },
    forceNew: true,
  });
  socket.on('hello', () => socket.emit('subscribe', follower.subscription));
  socket.on('snapshot', (message) => {
    follower.receiveSnapshot(message);
    socket.emit('ack', { room: message.room, frame: message.frame });
  });
  socket.on('frame', (message) => {
    follower.receiveFrame(message, Date.now());
    socket.emit('ack', { room: message.room, frame: message.frame });
  });
  return { stop: () => void socket.disconnect() };
}
