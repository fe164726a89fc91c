import { AzbError, UnreachableError } from '../../lib/errors.ts';
import { PROXY_FAILURE, proxyVariable } from './proxy.ts';

/** What the system says about a failed connection, and what that means to the person at the keyboard. */
const MEANINGS: readonly { codes: RegExp; says(host: string): string; next: string }[] = [
  {
    codes: /ENOTFOUND|EAI_AGAIN|EAI_NODATA/,
    says: (host) => `no host of the name ${host} is known`,
    next: "check the endpoint's spelling and your network: az batch account show -g GROUP -n ACCOUNT --query accountEndpoint",
  },
  {
    codes: /ECONNREFUSED/,
    says: (host) => `${host} refuses connections`,
    next: 'check the endpoint and its port; for the emulator: azb emulator',
  },
  {
    codes: /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/,
    says: (host) => `the certificate of ${host} is not valid at this time`,
    next: 'see that the clock of this machine is right (timedatectl); if it is, tell whoever runs the host',
  },
  {
    codes: /ALTNAME/,
    says: (host) => `the certificate that ${host} shows is for another host`,
    next: "check the endpoint's spelling; or a proxy or a network with a login page stands in between",
  },
  {
    codes: /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/,
    says: (host) => `the certificate of ${host} is not trusted`,
    next: "give the issuer's certificate in NODE_EXTRA_CA_CERTS",
  },
  {
    codes: /EPROTO|HPE_|ERR_SSL|wrong version number|Parse Error/,
    says: (host) => `${host} does not speak the protocol of the endpoint`,
    next: 'check http or https in the endpoint',
  },
  {
    codes: /EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL/,
    says: (host) => `there is no way to ${host}`,
    next: 'check your network or VPN',
  },
  {
    codes: /ETIMEDOUT|ESOCKETTIMEDOUT/,
    says: (host) => `${host} does not answer`,
    next: 'check your network, VPN, and the firewall rules of the account',
  },
  {
    codes: /ECONNRESET|EPIPE|socket hang up|Premature close|ECONNABORTED/i,
    says: (host) => `${host} broke the connection`,
    next: 'try again',
  },
];

/** True when the host was not even asked: the proxy before it is what failed. */
export function isProxyFailure(error: unknown): boolean {
  return describe(error).startsWith(PROXY_FAILURE);
}

/** True when the connection broke, so that a read may be asked again at once. */
export function isBrokenConnection(error: unknown): boolean {
  return /ECONNRESET|EPIPE|socket hang up/i.test(describe(error));
}

/** Turns what the SDK throws when no answer came into an error for people. Errors of azb pass unchanged. */
export function networkError(error: unknown, endpoint: string): AzbError {
  if (error instanceof AzbError) return error;
  const { host } = new URL(endpoint);
  const text = describe(error);
  if (isProxyFailure(error)) {
    return new UnreachableError(messageOf(error), {
      next: proxyAdvice(endpoint) ?? 'check the proxy',
      cause: error,
    });
  }
  const meaning = MEANINGS.find(({ codes }) => codes.test(text));
  if (meaning === undefined) {
    return new UnreachableError(`${host} could not be asked: ${messageOf(error)}`, { cause: error });
  }
  return new UnreachableError(meaning.says(host), { next: meaning.next, cause: error });
}

/** The error for a request that had no answer in time. */
export function timeoutError(endpoint: string, milliseconds: number): UnreachableError {
  const { host } = new URL(endpoint);
  return new UnreachableError(`${host} did not answer within ${milliseconds / 1000} seconds`, {
    next: proxyAdvice(endpoint) ?? 'check your network, VPN, and the firewall rules of the account',
  });
}

/** What to try where a proxy stands before the host; undefined where there is none. */
function proxyAdvice(endpoint: string): string | undefined {
  const variable = proxyVariable(endpoint);
  if (variable === undefined) return undefined;
  return `check the proxy in ${variable}; NO_PROXY=${new URL(endpoint).host} asks the host without it`;
}

function describe(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return `${code} ${messageOf(error)}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
