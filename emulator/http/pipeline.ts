import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { BatchFault, invalidProperty } from '../errors.ts';
import { canonicalBody, validateBody } from '../schema/index.ts';
import { type Faults, misbehaveBefore, refusalFor } from './faults.ts';
import { type Match, matchRoute } from './match.ts';
import { type Reply, sendFault, sendReply, standardHeaders } from './reply.ts';
import { type BatchRequest, baseUrlOf, checkQuery, isClientGone, readBody, splitUrl } from './request.ts';
import { verifySharedKey } from './shared-key.ts';
import type { TokenScope } from './task-token.ts';

/** What the pipeline needs to know of the account and the world. */
export interface PipelineOptions {
  readonly account: string;
  /** Those of this moment. */
  readonly keys: readonly string[];
  /** Why no shared key opens the account; undefined when one does. */
  readonly refusesKeys: () => string | undefined;
  /** Whether a bearer token is taken, unseen, in place of a signature. */
  readonly acceptsTokens: boolean;
  /** What a token opens that the emulator gave to a task; undefined for any other. */
  readonly scopeOf: (token: string) => TokenScope | undefined;
  readonly clock: Clock;
  /** Where the service is, for clients that do not say by which address they came. */
  readonly endpoint: () => string;
  readonly handle: (request: BatchRequest) => Reply | Promise<Reply>;
  /** Resolves when all changes made so far are safe. */
  readonly settled: () => Promise<void>;
  readonly reportProblem: (problem: unknown) => void;
  /** What is to go wrong on purpose. */
  readonly faults: Faults;
}

/** What is known of a request once it is answered, for the log. */
export interface Answered {
  readonly method: string;
  readonly url: string;
  /** 0 when there was no whole answer. */
  readonly status: number;
  readonly code: string | undefined;
}

/** What is known of a request whose client has gone. */
export function unanswered(method: string, url: string): Answered {
  return { method, url, status: 0, code: 'ClientGone' };
}

/**
 * Answers one request: id, authentication, version, route, body, handler, reply. Every step either passes the
 * request on or throws the fault that is the answer.
 */
export async function answer(
  options: PipelineOptions,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<Answered> {
  const method = message.method ?? 'GET';
  const rawUrl = message.url ?? '/';
  const requestId = randomUUID();
  const baseUrl = baseUrlOf(message, options.endpoint());
  let code: string | undefined;
  setHeaders(response, standardHeaders(requestId, options.clock.now()));
  echoClientId(message, response);
  try {
    // The body is read first: its length is limited, and a client that still sends hears no answer.
    const body = await readBody(message);
    const scope = authenticate(options, message, method, rawUrl);
    const { path, query } = splitUrl(rawUrl);
    const match = findRoute(method, path);
    const { route, parameters } = match;
    if (scope !== undefined) demandWithin(scope, match);
    checkQuery(route, query);
    const request: BatchRequest = {
      requestId,
      route,
      path: parameters,
      query,
      headers: message.headers,
      body: parseBody(route, body),
      rawUrl,
      baseUrl,
    };
    const effects = options.faults.effectsOn(route.id);
    if (await misbehaveBefore(effects, response, refusalFor))
      return { method, url: rawUrl, status: 0, code: 'Dropped' };
    const reply = await options.handle(request);
    if (method !== 'GET' && method !== 'HEAD') await options.settled();
    if (effects.some(({ kind }) => kind === 'lose')) throw refusalFor(500);
    if (effects.some(({ kind }) => kind === 'truncate')) truncate(response, reply);
    else await sendReply(response, reply);
  } catch (problem) {
    if (isClientGone(problem, message)) return unanswered(method, rawUrl);
    const fault = asFault(problem, options.reportProblem);
    code = fault.code;
    if (response.headersSent) response.destroy();
    else {
      const isHead = method === 'HEAD';
      sendFault(response, fault, { baseUrl, requestId, now: options.clock.now(), isHead });
    }
  }
  return { method, url: rawUrl, status: response.statusCode, code };
}

/** Sends the first half of the body and breaks off. */
function truncate(response: ServerResponse, reply: Reply): void {
  setHeaders(response, { ...reply.headers, 'Content-Type': 'application/json;odata=minimalmetadata' });
  response.statusCode = reply.status;
  reply.stream?.content.destroy();
  const body = JSON.stringify(reply.json ?? {});
  response.write(body.slice(0, Math.ceil(body.length / 2)), () => response.destroy());
}

function setHeaders(response: ServerResponse, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

function echoClientId(message: IncomingMessage, response: ServerResponse): void {
  const id = message.headers['client-request-id'];
  const wanted = message.headers['return-client-request-id'];
  if (id !== undefined && String(wanted).toLowerCase() === 'true')
    response.setHeader('client-request-id', id);
}

/** Throws unless the client may come in. The answer is what it is limited to; undefined when it is not. */
function authenticate(
  options: PipelineOptions,
  message: IncomingMessage,
  method: string,
  rawUrl: string,
): TokenScope | undefined {
  const token = /^Bearer\s+(\S+)/i.exec(message.headers.authorization ?? '')?.[1];
  if (token !== undefined) {
    const scope = options.scopeOf(token);
    if (scope !== undefined || options.acceptsTokens) return scope;
    throw new BatchFault('AuthenticationFailed', {
      AuthenticationErrorDetail:
        'This emulator takes shared keys only, and the tokens it gives to tasks; start it with --entra to let any bearer token pass.',
    });
  }
  const refusal = options.refusesKeys();
  if (refusal !== undefined) {
    throw new BatchFault('AuthenticationFailed', { AuthenticationErrorDetail: refusal });
  }
  const now = new Date(Math.floor(options.clock.now() / 1000));
  const signed = { method, rawUrl, headers: message.headers };
  const failure = verifySharedKey(signed, options.account, options.keys, now);
  if (failure !== undefined) {
    throw new BatchFault(failure.code, { [failure.key]: failure.detail });
  }
  return undefined;
}

/** A task's token opens the operations on its own job and nothing else. */
function demandWithin({ jobId }: TokenScope, { route, parameters }: Match): void {
  const isOfJob = route.path.startsWith('/jobs/{jobId}');
  if (isOfJob && parameters.jobId?.toLowerCase() === jobId.toLowerCase()) return;
  throw new BatchFault('Forbidden', {
    Reason: `The token of a task of the job ${jobId} opens the operations on that job only`,
  });
}

function findRoute(method: string, path: string): Match {
  let match: ReturnType<typeof matchRoute>;
  try {
    match = matchRoute(method, path);
  } catch {
    throw new BatchFault('RequestUrlFailedToParse');
  }
  if ('route' in match) return match;
  if (match.allowed.length === 0) throw new BatchFault('InvalidUri');
  throw new BatchFault('UnsupportedHttpVerb', { SupportedVerbs: match.allowed.join(', ') });
}

function parseBody(route: Match['route'], text: string): unknown {
  const definition = route.body;
  if (definition === undefined) return undefined;
  if (text.trim() === '') {
    if (route.bodyOptional) return undefined;
    throw new BatchFault('InvalidRequestBody', { Reason: 'The request body is empty' });
  }
  let body: unknown;
  try {
    // Some clients begin with a byte order mark.
    body = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new BatchFault('InvalidRequestBody', { Reason: String((error as Error).message) });
  }
  if (body === null && route.bodyOptional) return undefined;
  const fault = validateBody(definition, body);
  if (fault !== undefined) {
    throw new BatchFault(fault.code, Object.fromEntries(fault.values.map(({ key, value }) => [key, value])));
  }
  const canonical = canonicalBody(definition, body as Record<string, unknown>);
  checkMetadata(canonical);
  checkDisplayName(canonical);
  return canonical;
}

const LONGEST_DISPLAY_NAME = 1024;

function checkDisplayName({ displayName }: { readonly displayName?: unknown }): void {
  if (typeof displayName !== 'string' || displayName.length <= LONGEST_DISPLAY_NAME) return;
  throw invalidProperty(
    'displayName',
    displayName,
    `The value must have at most ${LONGEST_DISPLAY_NAME} characters`,
  );
}

/** Refuses metadata of which an item has no name. */
function checkMetadata({ metadata }: { readonly metadata?: unknown }): void {
  if (!Array.isArray(metadata)) return;
  if (metadata.some((item: { readonly name?: unknown }) => item.name === '')) {
    throw new BatchFault('EmptyMetadataKey');
  }
}

function asFault(problem: unknown, report: (problem: unknown) => void): BatchFault {
  if (problem instanceof BatchFault) return problem;
  report(problem);
  return new BatchFault('InternalError');
}
