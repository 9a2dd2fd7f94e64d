import * as net from 'node:net';

/** Passes connections on to a Unix socket, and keeps what they carried. */
export class Recorder {
  static async listen(path: string, target: string): Promise<Recorder> {
    const recorder = new Recorder(target);
    await new Promise<void>((resolve) => recorder.server.listen(path, resolve));
    return recorder;
  }

  readonly carried: Buffer[] = [];
  private readonly sockets = new Set<net.Socket>();
  private readonly server: net.Server;

  private constructor(target: string) {
    this.server = net.createServer({ allowHalfOpen: true }, (near) => {
      const far = net.connect({ path: target, allowHalfOpen: true });
      for (const [from, to] of [
        [near, far],
        [far, near],
      ]) {
        this.sockets.add(from);
        from.on('data', (piece) => this.carried.push(piece));
        from.on('error', () => to.destroy());
        from.pipe(to);
      }
    });
  }

  stop(): void {
    for (const socket of this.sockets) {
      socket.destroy();
    }
    this.server.close();
  }
}
