import type { BatchManagementClient } from '@azure/arm-batch';
import { AzbError } from '../../lib/errors.ts';
import { VERSION } from '../../lib/version.ts';
import { cloudOfManagement, isLoopback, MANAGEMENT_ENDPOINTS, type ManagementSettings } from '../settings.ts';
import { connectionsTo } from '../wire/connections.ts';
import { entraTokens } from '../wire/credentials.ts';
import { withDeadline } from '../wire/deadline.ts';
import { isBrokenConnection } from '../wire/network-errors.ts';
import { type Exchange, observed } from '../wire/traffic.ts';
import { armError } from './arm-errors.ts';

const TIMEOUT_MS = 60_000;
const UNAUTHORIZED = 401;

/** The version of Microsoft.Batch that the SDK speaks. */
const BATCH_VERSION = '2023-11-01';

export interface ArmRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Encoded, from the endpoint on, without a query; or a link that the service gave, with one. */
  readonly path: string;
  /** That of Microsoft.Batch unless told. */
  readonly version?: string;
  readonly body?: object;
}

export interface ArmReply {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

type Sdk = typeof import('./arm-sdk.ts');

/** The ways to Azure Resource Manager. All reject with an AzbError, or with the signal's reason when it aborted. */
export interface ArmClient {
  /** Sends wire JSON and gives wire JSON. */
  send(request: ArmRequest, signal: AbortSignal): Promise<ArmReply>;
  /** All items of a list, page by page. */
  list(path: string, signal: AbortSignal, version?: string): Promise<readonly object[]>;
  /** Runs one of the SDK's typed operations on a subscription. */
  call<T>(
    subscription: string,
    operation: (client: BatchManagementClient, abortSignal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T>;
  /** The key that is the token, where one is. */
  readonly token: string | undefined;
  /** Shows another key as the token from now on. */
  renewToken(key: string): void;
  readonly sdk: Sdk;
}

/** Makes the client. Loads the SDK. @throws CredentialError when no token can be had at all. */
export async function createArmClient(
  settings: ManagementSettings,
  observe: (exchange: Exchange) => void,
): Promise<ArmClient> {
  const sdk = await import('./arm-sdk.ts');
  const held: HeldToken = {
    key: settings.credential.kind === 'shared key' ? settings.credential.key : undefined,
  };
  const base = await connect(sdk, settings, held, observe);
  const send = senderOf(sdk, base, settings);
  return {
    sdk,
    send,
    list: listerOf(send),
    call: callerOf(sdk, base, settings),
    get token() {
      return held.key;
    },
    renewToken: (key) => {
      held.key = key;
    },
  };
}

/** Follows the links of a list to its end. */
function listerOf(send: ArmClient['send']): ArmClient['list'] {
  return async (path, signal, version) => {
    const items: object[] = [];
    let next: string | undefined = path;
    while (next !== undefined) {
      const request: ArmRequest = {
        method: 'GET',
        path: next,
        ...(version === undefined ? {} : { version }),
      };
      const { value = [], nextLink } = (await send(request, signal)).body as ArmList;
      items.push(...value);
      next = nextLink === undefined || nextLink === null || nextLink === '' ? undefined : nextLink;
    }
    return items;
  };
}

/** Runs the SDK's operations, by a client for each subscription that shares the pipeline of the first. */
function callerOf(sdk: Sdk, base: BatchManagementClient, settings: ManagementSettings): ArmClient['call'] {
  const clients = new Map<string, BatchManagementClient>();
  return async (subscription, operation, signal) => {
    const client =
      clients.get(subscription) ??
      new sdk.BatchManagementClient(NO_CREDENTIAL, subscription, {
        endpoint: settings.endpoint,
        pipeline: base.pipeline,
        allowInsecureConnection: isLoopback(settings.endpoint),
      });
    clients.set(subscription, client);
    return withDeadline(settings.endpoint, TIMEOUT_MS, signal, (abortSignal) =>
      operation(client, abortSignal).catch((error: unknown) => {
        throw operationError(settings, error);
      }),
    );
  };
}

/** Sends through the client's pipeline what its typed operations do not know, or would change on the way. */
function senderOf(sdk: Sdk, client: BatchManagementClient, settings: ManagementSettings): ArmClient['send'] {
  return async (request, signal) => {
    const url = urlOf(settings.endpoint, request);
    const sendOnce = (abortSignal: AbortSignal) =>
      client.sendRequest(
        sdk.createPipelineRequest({
          method: request.method,
          url,
          abortSignal,
          allowInsecureConnection: isLoopback(settings.endpoint),
          ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
          headers: headersFor(sdk, request),
        }),
      );
    const reply = await withDeadline(settings.endpoint, TIMEOUT_MS, signal, (abortSignal) =>
      sendOnce(abortSignal).catch((error: unknown) => {
        // A kept connection may have ended while it was idle; a read is asked once more on a new one.
        if (request.method !== 'GET' || !isBrokenConnection(error)) throw error;
        return sendOnce(abortSignal);
      }),
    );
    const headers = reply.headers.toJSON();
    const text = reply.bodyAsText ?? '';
    if (reply.status < 200 || reply.status > 299) {
      throw armError({
        status: reply.status,
        body: text,
        header: (name) => headers[name],
        request: `${request.method} ${new URL(url).pathname}`,
        endpoint: settings.endpoint,
      });
    }
    return { status: reply.status, headers, body: parse(text) };
  };
}

/** The key that is shown as a token; it may be replaced while azb runs. */
interface HeldToken {
  key: string | undefined;
}

interface ArmList {
  readonly value?: readonly object[];
  readonly nextLink?: string | null;
}

/** The pipeline has the credential; a client that shares it asks for none. */
const NO_CREDENTIAL = { getToken: () => Promise.resolve(null) };

async function connect(
  sdk: Sdk,
  settings: ManagementSettings,
  held: HeldToken,
  observe: (exchange: Exchange) => void,
): Promise<BatchManagementClient> {
  const { endpoint, credential } = settings;
  const isLocal = isLoopback(endpoint);
  const connections = await connectionsTo(endpoint);
  const tokens =
    credential.kind === 'Entra ID'
      ? await entraTokens(cloudOfManagement(endpoint, credential.cloud), 'Azure Resource Manager')
      : undefined;
  const client = new sdk.BatchManagementClient(tokens ?? NO_CREDENTIAL, '-', {
    endpoint,
    userAgentOptions: { userAgentPrefix: `azb/${VERSION}` },
    // The store waits and tries again by itself, and a change must not be sent twice.
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    allowInsecureConnection: isLocal,
  });
  const { pipeline } = client;
  pipeline.removePolicy({ name: 'proxyPolicy' });
  if (isLocal) {
    // The SDK's own policy shows no token on plain http.
    pipeline.removePolicy({ name: sdk.bearerTokenAuthenticationPolicyName });
    // Nobody gives tokens for an address of this machine.
    const cloud = credential.kind === 'Entra ID' ? credential.cloud : 'AzureCloud';
    const scope = `${MANAGEMENT_ENDPOINTS[cloud]}/.default`;
    pipeline.addPolicy({
      // By its name clients that share the pipeline know that there is one.
      name: sdk.bearerTokenAuthenticationPolicyName,
      async sendRequest(request, next) {
        const token = held.key ?? (await tokens?.getToken(scope))?.token;
        request.headers.set('Authorization', `Bearer ${token}`);
        return next(request);
      },
    });
  }
  pipeline.addPolicy(
    {
      name: 'watch',
      async sendRequest(request, next) {
        // The SDK's own operations follow the links of lists too.
        demandEndpoint(endpoint, request.url);
        const send = () =>
          connections.use(request.abortSignal, (agent) => {
            request.agent = agent;
            return observed(observe, request, () => next(request));
          });
        const reply = await send();
        const isRefused =
          reply.status === UNAUTHORIZED && tokens?.refused(request.headers.get('Authorization')) === true;
        return isRefused ? send() : reply;
      },
    },
    // Before it comes what makes an error of an answer, in the SDK's own operations.
    { afterPhase: 'Deserialize', beforePolicies: [sdk.bearerTokenAuthenticationPolicyName] },
  );
  return client;
}

function headersFor(sdk: Sdk, { body }: ArmRequest) {
  const { headers } = sdk.createPipelineRequest({ url: 'https://localhost' });
  headers.set('Accept', 'application/json');
  if (body !== undefined) headers.set('Content-Type', 'application/json; charset=utf-8');
  return headers;
}

function urlOf(endpoint: string, { path, version = BATCH_VERSION }: ArmRequest): string {
  if (path.startsWith('/')) return `${endpoint}${path}?api-version=${version}`;
  demandEndpoint(endpoint, path);
  return path;
}

/** A token must never go to a host that the user did not name, whatever a reply says. */
function demandEndpoint(endpoint: string, url: string): void {
  const target = URL.canParse(url) ? new URL(url).origin : url;
  if (target === new URL(endpoint).origin) return;
  throw new AzbError(`Azure Resource Manager goes on at ${target}, which is not the endpoint ${endpoint}`, {
    next: 'check the endpoint, or a proxy that changes host names',
  });
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the SDK's typed operations throw; with a status it is the service's answer. */
interface RestFailure {
  readonly statusCode: number;
  readonly request?: { readonly method: string; readonly url: string };
  readonly response?: {
    readonly bodyAsText?: string | null;
    readonly headers: { get(name: string): string | undefined };
  };
}

function operationError({ endpoint }: ManagementSettings, error: unknown): unknown {
  const isRest = typeof error === 'object' && error !== null && 'statusCode' in error;
  if (!isRest || typeof error.statusCode !== 'number') return error;
  const { statusCode, request, response } = error as RestFailure;
  return armError({
    status: statusCode,
    body: response?.bodyAsText ?? '',
    header: (name) => response?.headers.get(name),
    request: `${request?.method ?? ''} ${new URL(request?.url ?? endpoint).pathname}`.trim(),
    endpoint,
  });
}
