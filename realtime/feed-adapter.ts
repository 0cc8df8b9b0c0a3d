import { Adapter, SessionAwareAdapter, type Session } from 'socket.io-adapter';

/** Events that have a recovery of their own, by sequence number. */
const RECOVERED_BY_SEQUENCE: ReadonlySet<unknown> = new Set(['frame', 'snapshot']);

/**
 * Socket.IO's adapter that recovers connections, with two changes. Frames and snapshots are not kept, because the feed's own buffers bring a
 * console up to date, and they would be gigabytes. And what was kept is given back only where `mayRecover` allows it: Socket.IO restores
 * rooms and sends missed packets before any middleware has looked at the session.
 */
export function feedAdapter(mayRecover: (rooms: readonly string[]) => Promise<boolean>): typeof SessionAwareAdapter {
  return class FeedAdapter extends SessionAwareAdapter {
    override broadcast(packet: { readonly data: readonly unknown[] }, options: Parameters<Adapter['broadcast']>[1]): void {
      if (RECOVERED_BY_SEQUENCE.has(packet.data[0])) Adapter.prototype.broadcast.call(this, packet, options);
      else super.broadcast(packet, options);
    }

    override async restoreSession(...[pid, offset]: Parameters<SessionAwareAdapter['restoreSession']>) {
      const kept = (await super.restoreSession(pid, offset)) as Session | null;
      if (!kept || !(await mayRecover(kept.rooms))) throw new Error('nothing to recover');
      return kept;
    }
  };
}
