import type { IncomingMessage } from 'node:http';
import { AzbError } from '../../lib/errors.ts';
import { VERSION } from '../../lib/version.ts';
import { connectionsTo } from './connections.ts';
import { withDeadline } from './deadline.ts';
import { readAll } from './http-client.ts';

/** Milliseconds that a webhook has for its answer. */
const DEADLINE = 10_000;

/**
 * Sends a JSON object by POST to an address of the user's, through the proxy that is set for others too. The address may
 * open a door by itself, so that no message names more of it than its host. It follows no redirects.
 * @throws AzbError when it was not taken
 */
export async function postWebhook(
  url: string,
  body: object,
  signal: AbortSignal = new AbortController().signal,
  milliseconds = DEADLINE,
): Promise<void> {
  const { host, origin } = new URL(url);
  const status = await withDeadline(origin, milliseconds, signal, (either) => send(url, body, either)).catch(
    (error: unknown) => {
      if (!(error instanceof AzbError)) throw error;
      throw new AzbError(`the webhook was not told: ${error.message}`, { next: NEXT, cause: error });
    },
  );
  if (status >= 200 && status < 300) return;
  throw new AzbError(`the webhook was not told: ${host} answered ${status}`, { next: NEXT });
}

const NEXT = 'see webhook of notify in config.yaml';

async function send(url: string, body: object, signal: AbortSignal): Promise<number> {
  const connections = await connectionsTo(url);
  const text = JSON.stringify(body);
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    'user-agent': `azb/${VERSION}`,
    // It is told once in a while: no connection is kept for that.
    connection: 'close',
  };
  const reply = await connections.use(
    signal,
    () =>
      new Promise<IncomingMessage>((resolve, reject) => {
        const sent = connections.request(url, { method: 'POST', headers, signal });
        sent.once('response', resolve);
        // Also one that comes when there is an answer already must not end the program.
        sent.on('error', reject);
        sent.end(text);
      }),
  );
  await readAll(reply);
  return reply.statusCode ?? 0;
}
