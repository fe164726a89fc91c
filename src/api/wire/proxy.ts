import { AzbError } from '../../lib/errors.ts';
import { isLoopback } from '../settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** By this code a failure of the proxy is known behind whatever the SDKs wrap it in. */
export const PROXY_FAILURE = 'EAZBPROXY';

/** The variables that name a proxy, the first that is set wins; curl, Go and Python go by the same. */
const NAMES = { 'https:': ['HTTPS_PROXY', 'ALL_PROXY'], 'http:': ['HTTP_PROXY', 'ALL_PROXY'] } as const;

/**
 * The proxy that the environment names for an endpoint; undefined where it is to be asked directly, as this machine and
 * what NO_PROXY lists are. @throws AzbError for a proxy of a kind that azb cannot go through.
 */
export function proxyFor(endpoint: string, env: Environment = process.env): URL | undefined {
  const name = proxyVariable(endpoint, env);
  if (name === undefined) return undefined;
  const text = read(env, name);
  const address = text.includes('://') ? text : `http://${text}`;
  const proxy = URL.canParse(address) ? new URL(address) : undefined;
  if (proxy !== undefined && /^https?:$/.test(proxy.protocol)) return proxy;
  const what =
    proxy === undefined ? 'is no address' : `names a proxy of the kind ${proxy.protocol.slice(0, -1)}`;
  throw new AzbError(`${name} ${what}, which azb cannot go through`, {
    next: `set ${name} to http://HOST:PORT, or list ${new URL(endpoint).hostname} in NO_PROXY`,
  });
}

/** The variable that names the proxy for an endpoint, in capitals; undefined where it is asked directly. */
export function proxyVariable(endpoint: string, env: Environment = process.env): string | undefined {
  const { protocol } = new URL(endpoint);
  const name = NAMES[protocol === 'http:' ? 'http:' : 'https:'].find((each) => read(env, each) !== '');
  return isLoopback(endpoint) || isExempt(endpoint, read(env, 'NO_PROXY')) ? undefined : name;
}

/** In capitals or not: both are in use. */
function read(env: Environment, name: string): string {
  return (env[name] || env[name.toLowerCase()] || '').trim();
}

/** Whether a host, or a domain that it is in, is listed; a star stands for all, a port counts where one is given. */
function isExempt(endpoint: string, list: string): boolean {
  const { hostname, port, protocol } = new URL(endpoint);
  const ownPort = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = '', onPort] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (onPort !== undefined && onPort !== ownPort) return false;
      return hostname === name || hostname.endsWith(`.${name}`);
    });
}
