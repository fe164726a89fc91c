import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { toHttpDate } from '../clock.ts';
import type { Neighbour } from '../data-plane.ts';
import { BatchFault } from '../errors.ts';
import { type Answered, unanswered } from '../http/pipeline.ts';
import { baseUrlOf, isClientGone, readBody, splitUrl } from '../http/request.ts';
import { isSameText } from '../http/signature.ts';
import { ArmFault, faultBody, invalidBody, notServed } from './errors.ts';
import type { Management } from './management.ts';
import { matchArm } from './match.ts';
import { BATCH_VERSION, SUBSCRIPTION } from './names.ts';
import type { ArmReply } from './types.ts';

/** Lets the management plane answer at the address of the emulator's own account, as the paths tell. */
export function managementAt(management: Management, endpoint: string): Neighbour {
  return {
    isMeant: ({ url = '' }) => /^\/(subscriptions|providers)([/?]|$)/i.test(url),
    answer: (message, response) => answerArm(management, endpoint, message, response),
  };
}

/** Answers one request: id, authentication, version, route, body, handler, reply. */
async function answerArm(
  management: Management,
  endpoint: string,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<Answered> {
  const { method = 'GET', url = '/' } = message;
  let code: string | undefined;
  setHeaders(management, message, response);
  try {
    const text = await readBody(message);
    authenticate(management, message);
    const reply = await perform(management, baseUrlOf(message, endpoint), method, url, text);
    if (method !== 'GET' && method !== 'HEAD') await management.database.committed();
    send(response, reply);
  } catch (problem) {
    if (isClientGone(problem, message)) return unanswered(method, url);
    const fault = asFault(problem, management.reportProblem);
    code = fault.code;
    send(response, { status: fault.status, json: faultBody(fault), headers: fault.headers });
  }
  return { method, url, status: response.statusCode, code };
}

async function perform(
  management: Management,
  baseUrl: string,
  method: string,
  url: string,
  text: string,
): Promise<ArmReply> {
  const { path: rawPath, query } = splitUrl(url);
  const match = matchArm(method, rawPath);
  checkVersion(rawPath, query.get('api-version'));
  checkSubscription(rawPath);
  if (match === undefined) {
    throw new ArmFault(404, 'InvalidResourceType', `The resource type of '${rawPath}' could not be found.`);
  }
  if ('allowed' in match) {
    throw new ArmFault(
      405,
      'MethodNotAllowed',
      `The HTTP method '${method}' is not supported at location '${rawPath}'.`,
      { Allow: match.allowed.join(', ') },
    );
  }
  const { route, path } = match;
  if (route.handle === undefined) throw notServed(`the operation ${route.id} of the management plane`);
  return route.handle(management, { path, query, body: parseBody(text), baseUrl });
}

function setHeaders({ clock }: Management, message: IncomingMessage, response: ServerResponse): void {
  const requestId = randomUUID();
  const correlation = message.headers['x-ms-correlation-request-id'];
  const headers = {
    Date: toHttpDate(clock.now()),
    'Cache-Control': 'no-cache',
    Pragma: 'no-cache',
    Expires: '-1',
    'x-ms-request-id': requestId,
    'x-ms-correlation-request-id': typeof correlation === 'string' ? correlation : requestId,
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    'X-Content-Type-Options': 'nosniff',
  };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** Throws unless the client shows a token that opens the management plane. */
function authenticate(management: Management, { headers }: IncomingMessage): void {
  const challenge = {
    'WWW-Authenticate': `Bearer authorization_uri="https://login.microsoftonline.com/${SUBSCRIPTION.tenant}", error="invalid_token"`,
  };
  const token = /^Bearer\s+(\S+)/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) {
    throw new ArmFault(
      401,
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing or holds no bearer token.",
      challenge,
    );
  }
  // All of them are compared, and in full.
  const genuine = management.tokens().map((each) => isSameText(token, each));
  if (management.acceptsTokens || genuine.includes(true)) return;
  throw new ArmFault(
    401,
    'InvalidAuthenticationToken',
    'The access token is invalid: this emulator takes the key of its own account as one; started with --entra it takes any.',
    challenge,
  );
}

/** Versions are days; those of the Batch provider are known by name. */
function checkVersion(path: string, version: string | undefined): void {
  if (version === undefined) {
    throw new ArmFault(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  const [, type] = /\/providers\/Microsoft\.Batch\/(\w+)/i.exec(path) ?? [];
  if (type !== undefined) {
    if (version === BATCH_VERSION) return;
    throw new ArmFault(
      400,
      'NoRegisteredProviderFound',
      `No registered resource provider found for API version '${version}' for type '${type}'. The supported api-versions are '${BATCH_VERSION}'.`,
    );
  }
  if (/^20\d\d-\d\d-\d\d(-preview)?$/.test(version)) return;
  throw new ArmFault(400, 'InvalidApiVersionParameter', `The api-version '${version}' is invalid.`);
}

function checkSubscription(path: string): void {
  const [, id] = /^\/subscriptions\/([^/]+)/i.exec(path) ?? [];
  if (id === undefined || id.toLowerCase() === SUBSCRIPTION.id) return;
  throw new ArmFault(404, 'SubscriptionNotFound', `The subscription '${id}' could not be found.`);
}

function parseBody(text: string): Readonly<Record<string, unknown>> {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalidBody(
      `The request content was invalid: ${(error as Error).message}`,
      'InvalidRequestContent',
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw invalidBody('The request content was invalid: it is no object.', 'InvalidRequestContent');
}

function asFault(problem: unknown, report: (problem: unknown) => void): ArmFault {
  if (problem instanceof ArmFault) return problem;
  if (problem instanceof BatchFault) return new ArmFault(problem.status, problem.code, problem.message);
  report(problem);
  return new ArmFault(500, 'InternalServerError', 'The emulator failed; what it says on stderr tells how.');
}

function send(response: ServerResponse, { status, json, headers = {} }: ArmReply): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const body = json === undefined ? '' : JSON.stringify(json);
  if (json !== undefined) response.setHeader('Content-Type', 'application/json; charset=utf-8');
  if (status !== 204) response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
