import type { ClientRequest, Agent as HttpAgent, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import { UnreachableError } from '../../lib/errors.ts';
import { proxyFor } from './proxy.ts';

/** Idle connections that were left alone for longer than this are not used again: what is between may have forgotten them. */
const STALE_AFTER_MS = 60_000;

/** Nothing came or went for so long: whoever is at the other end is gone without a word. */
const SILENCE_MS = 90_000;

/** A signal that ends a request, in any of the SDKs' ideas of one. */
interface Signal {
  readonly aborted: boolean;
  readonly reason?: unknown;
}

/** The connections to one endpoint, through a proxy where the environment names one. They are kept for what comes next. */
export interface Connections {
  /** Begins a request. */
  request(url: string, options: RequestOptions): ClientRequest;
  /** Sends a request by the agent; how that ends tells whether the idle connections are to be trusted any longer. */
  use<T>(signal: Signal | undefined, send: (agent: HttpAgent) => Promise<T>): Promise<T>;
}

/**
 * Prepares connections to an endpoint. After a sleep of this machine, or a change of its network, the kept ones are dead,
 * which nobody tells: to wait for an answer on each of them in turn would take minutes.
 * `now` and `silence` are for tests. @throws AzbError for a proxy that azb cannot go through.
 */
export async function connectionsTo(
  endpoint: string,
  { now = Date.now, silence = SILENCE_MS }: { now?: () => number; silence?: number } = {},
): Promise<Connections> {
  // Node's own HTTP takes long to load, and the first paint needs none.
  const sender =
    new URL(endpoint).protocol === 'https:' ? await import('node:https') : await import('node:http');
  const proxy = proxyFor(endpoint);
  const options = { keepAlive: true, timeout: silence };
  const agent: HttpAgent =
    proxy === undefined
      ? new sender.Agent(options)
      : (await import('./tunnels.ts')).createTunnels(proxy, options);
  endSilence(agent);
  let usedAt = now();

  return {
    request: (url, more) => sender.request(url, { ...more, agent }),
    async use(signal, send) {
      if (Math.abs(now() - usedAt) > STALE_AFTER_MS) dropIdle(agent);
      usedAt = now();
      try {
        return await send(agent);
      } catch (error) {
        // Whoever has left says nothing about the network.
        if (signal?.aborted !== true || signal.reason instanceof UnreachableError) dropIdle(agent);
        throw error;
      } finally {
        usedAt = now();
      }
    },
  };
}

/** Ends connections on which nothing comes or goes any more: Node only tells of it. */
function endSilence(agent: HttpAgent): void {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, done) => {
    const socket = connect(options, done) as Socket | undefined;
    const silent = () => socket?.destroy(Object.assign(new Error('nothing comes'), { code: 'ETIMEDOUT' }));
    return socket?.once('timeout', silent);
  };
}

function dropIdle(agent: HttpAgent): void {
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) socket.destroy();
  }
}
