import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { SERVER_CERTIFICATE, SERVER_KEY } from './server-certificate.ts';

/** What somebody between azb and the service sees. */
export interface SeenConnect {
  readonly host: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * A proxy, and behind it one service by TLS for whatever host is asked for, with nothing to list. Where a `status` is given,
 * the proxy refuses with it; what the service does not accept is answered with 401, and some requests, by their count, never.
 */
export async function startProxy({
  status = 200,
  accepts = () => true,
  answers = () => true,
}: {
  status?: number;
  accepts?: (authorization: string | undefined) => boolean;
  answers?: (count: number) => boolean;
} = {}) {
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  const service = createSecureServer({ cert: SERVER_CERTIFICATE, key: SERVER_KEY }, (request, response) => {
    requests.push(`${request.headers.host}${request.url?.replace(/\?.*/, '')}`);
    if (!answers(requests.length)) return;
    response.statusCode = accepts(request.headers.authorization) ? 200 : 401;
    const isBlobs = request.headers.host?.includes('.blob.') === true;
    const nothing = '<EnumerationResults><Containers/><NextMarker/></EnumerationResults>';
    response.setHeader('content-type', isBlobs ? 'application/xml' : 'application/json');
    response.end(isBlobs ? nothing : '{"value":[]}');
  });
  const seen: SeenConnect[] = [];
  const proxy = createServer().on('connect', ({ url = '', headers }, socket: Socket) => {
    seen.push({ host: url, headers });
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n<h1>Blocked</h1>`);
    const there = connect((service.address() as AddressInfo).port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(there).pipe(socket);
    });
    for (const each of [socket, there]) {
      sockets.add(each);
      each.on('error', () => undefined);
    }
    return undefined;
  });
  for (const server of [service, proxy]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of [service, proxy]) {
      server.closeAllConnections();
      server.close();
    }
  });
  return { address: `127.0.0.1:${(proxy.address() as AddressInfo).port}`, seen, requests };
}
