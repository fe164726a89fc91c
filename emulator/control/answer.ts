import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Engine } from '../engine/engine.ts';
import { BatchFault } from '../errors.ts';
import { type Answered, unanswered } from '../http/pipeline.ts';
import { sendFault, standardHeaders } from '../http/reply.ts';
import { isClientGone } from '../http/request.ts';
import { verifySharedKey } from '../http/shared-key.ts';
import { isSameText } from '../http/signature.ts';
import { CONTROL_PREFIX, CONTROL_ROUTES } from './routes.ts';
import type { ControlReply } from './types.ts';

export interface ControlOptions {
  readonly account: string;
  readonly keys: readonly string[];
  readonly clock: Clock;
  readonly endpoint: () => string;
  /** Resolves when all changes made so far are safe. */
  readonly settled: () => Promise<void>;
  readonly reportProblem: (problem: unknown) => void;
}

/** Whether a request is one to the emulator itself. */
export function isControl(message: IncomingMessage): boolean {
  return message.url?.startsWith(CONTROL_PREFIX) ?? false;
}

/**
 * Answers a request to the emulator itself. It is authenticated by a signature as requests to the service are, or by
 * account and key as name and password, so that `curl -u` will do.
 */
export async function answerControl(
  options: ControlOptions,
  engine: Engine,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<Answered> {
  const { method = 'GET', url = '/' } = message;
  const requestId = randomUUID();
  let code: string | undefined;
  const now = options.clock.now();
  for (const [name, value] of Object.entries(standardHeaders(requestId, now)))
    response.setHeader(name, value);
  try {
    authenticate(options, message, method, url);
    const reply = await perform(engine, message, method, url);
    await options.settled();
    send(response, reply);
  } catch (problem) {
    if (isClientGone(problem, message)) return unanswered(method, url);
    if (!(problem instanceof BatchFault)) options.reportProblem(problem);
    const fault = problem instanceof BatchFault ? problem : new BatchFault('InternalError');
    code = fault.code;
    // What is left of the body is not read; the connection cannot be used for another request.
    response.setHeader('Connection', 'close');
    sendFault(response, fault, { baseUrl: options.endpoint(), requestId, now, isHead: method === 'HEAD' });
  }
  return { method, url, status: response.statusCode, code };
}

function perform(
  engine: Engine,
  message: IncomingMessage,
  method: string,
  url: string,
): ControlReply | Promise<ControlReply> {
  const { pathname, searchParams } = new URL(url, 'http://emulator');
  const path = pathname.slice(CONTROL_PREFIX.length);
  const matching = CONTROL_ROUTES.filter((route) => route.path.test(path));
  if (matching.length === 0) throw new BatchFault('InvalidUri');
  const route = matching.find((each) => each.method === method);
  if (route === undefined) {
    const verbs = matching.map((each) => each.method).join(', ');
    throw new BatchFault('UnsupportedHttpVerb', { SupportedVerbs: verbs });
  }
  const [, ...gaps] = route.path.exec(path) ?? [];
  return route.handle(engine, { parameters: gaps.map(decode), query: searchParams, body: message });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new BatchFault('RequestUrlFailedToParse');
  }
}

function send(response: ServerResponse, { status, json }: ControlReply): void {
  response.statusCode = status;
  if (json === undefined) {
    response.end();
    return;
  }
  const body = JSON.stringify(json);
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}

function authenticate(
  { account, keys, clock }: ControlOptions,
  message: IncomingMessage,
  method: string,
  rawUrl: string,
): void {
  const basic = /^Basic\s+(\S+)$/i.exec(message.headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const given = Buffer.from(basic, 'base64').toString('utf8');
    const genuine = keys.map((key) => isSameText(given, `${account}:${key}`));
    if (genuine.includes(true)) return;
    throw new BatchFault('AuthenticationFailed', {
      AuthenticationErrorDetail: 'Name and password must be the account and its key.',
    });
  }
  const now = new Date(Math.floor(clock.now() / 1000));
  const failure = verifySharedKey({ method, rawUrl, headers: message.headers }, account, keys, now);
  if (failure === undefined) return;
  throw new BatchFault(failure.code, { [failure.key]: failure.detail });
}
