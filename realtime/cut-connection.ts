import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP relay for tests that can be cut, so that a server seems to be away without disturbing anybody else who uses it. */
export class CuttableConnection {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly port: number;
  #cut = false;

  private constructor(server: Server, target: URL) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (near) => this.#relay(near, target));
  }

  static async open(target: URL): Promise<CuttableConnection> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new CuttableConnection(server, target);
  }

  /** Ends every connection and lets no new one through. */
  cut(): void {
    this.#cut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#cut = false;
  }

  close(): Promise<void> {
    this.cut();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #relay(near: Socket, target: URL): void {
    near.on('error', () => undefined); // a cut connection is what this is for
    if (this.#cut) {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    far.on('error', () => undefined);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.pipe(other);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
