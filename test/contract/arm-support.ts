import { BatchManagementClient } from '@azure/arm-batch';
import { SUBSCRIPTION } from '../../emulator/arm/names.ts';
import type { Address } from './support.ts';

export const SUBSCRIPTION_ID = SUBSCRIPTION.id;
export const PROVIDER = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Batch`;

/** The path of an account, or of something below it. */
export function accountPath(name: string, rest = '', group = 'azb'): string {
  return `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/${group}/providers/Microsoft.Batch/batchAccounts/${name}${rest}`;
}

/**
 * The real SDK's client. Its own bearer policy refuses plain http, which the emulator speaks; another one shows the
 * token instead.
 */
export function managementClient(emulator: Address, token = emulator.key): BatchManagementClient {
  const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const client = new BatchManagementClient(credential, SUBSCRIPTION_ID, {
    endpoint: emulator.endpoint,
    allowInsecureConnection: true,
    retryOptions: { maxRetries: 0 },
  });
  client.pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' });
  client.pipeline.addPolicy({
    name: 'plainBearer',
    sendRequest: (request, next) => {
      request.headers.set('Authorization', `Bearer ${token}`);
      return next(request);
    },
  });
  return client;
}

export interface ArmAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

/** A request as it is on the wire; the api-version is added unless the target has one. */
export async function arm(
  emulator: Address,
  method: string,
  target: string,
  { body, token = emulator.key }: { body?: unknown; token?: string | undefined } = {},
): Promise<ArmAnswer> {
  const separator = target.includes('?') ? '&' : '?';
  const path = target.includes('api-version') ? target : `${target}${separator}api-version=2023-11-01`;
  const url = /^https?:/.test(path) ? path : `${emulator.endpoint}${path}`;
  const reply = await fetch(url, {
    method,
    headers: {
      ...(token === '' ? {} : { Authorization: `Bearer ${token}` }),
      'Content-Type': 'application/json',
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await reply.text();
  return { status: reply.status, headers: reply.headers, json: text === '' ? undefined : JSON.parse(text) };
}
