import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { EmulatorProcess } from './emulator.ts';

/** Stands between a client and the emulator and counts what passes. */
export interface CountingProxy {
  /** The environment of the emulator, with the proxy's address. */
  readonly env: Readonly<Record<string, string>>;
  /** Bytes of requests and answers so far, headers and all. */
  readonly bytes: number;
  /** Requests so far. */
  readonly requests: number;
  close(): void;
}

/** Starts a proxy on a free port. */
export async function startProxy(emulator: EmulatorProcess): Promise<CountingProxy> {
  let bytes = 0;
  let requests = 0;
  const sockets = new Set<Socket>();
  const { hostname, port } = new URL(emulator.endpoint);
  const server: Server = createServer((client) => {
    const service = connect(Number(port), hostname);
    for (const socket of [client, service]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (chunk) => {
      bytes += chunk.length;
      requests += chunk.toString('latin1').match(/^(GET|HEAD|POST|PUT|PATCH|DELETE) \S+ HTTP/gm)?.length ?? 0;
    });
    service.on('data', (chunk) => {
      bytes += chunk.length;
    });
    client.pipe(service).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    env: { ...emulator.env, AZURE_BATCH_ENDPOINT: address },
    get bytes() {
      return bytes;
    },
    get requests() {
      return requests;
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
