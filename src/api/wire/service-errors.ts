import { type AzbError, CredentialError, type ErrorDetail, ServiceError } from '../../lib/errors.ts';
import { skewError } from './service-clock.ts';

/** An answer of the service that is not a success. */
export interface FailedReply {
  readonly status: number;
  readonly body: string;
  header(name: string): string | undefined;
  /** `POST /pools`, for answers that do not say what went wrong. */
  readonly request: string;
  readonly endpoint: string;
  readonly signedWith: 'shared key' | 'Entra ID';
}

interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly details: readonly ErrorDetail[];
}

/**
 * Turns a failed reply into the error that people see: a CredentialError when the service did not accept who
 * we are, otherwise a ServiceError.
 * @see https://learn.microsoft.com/rest/api/batchservice/batch-status-and-error-codes
 */
export function serviceError(reply: FailedReply, now: number = Date.now()): AzbError {
  const body = parseErrorBody(reply.body);
  if (reply.status === 401 || isAuthenticationCode(body?.code)) return refusedCredential(reply, body, now);
  return new ServiceError({
    status: reply.status,
    code: body?.code ?? codeOfStatus(reply.status),
    message: body?.message ?? messageOfStatus(reply),
    details: body?.details ?? [],
    requestId: reply.header('request-id'),
    retryAfter: parseRetryAfter(reply.header('retry-after'), now),
    next: nextStep(reply, body),
  });
}

/** Milliseconds to wait, from a Retry-After header in seconds or as a date. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const wait = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** The first line of a service's message; the rest names the request and the time. */
export function firstLine(message: string): string {
  return (message.split(/\r?\n/)[0] ?? '').trim();
}

function isAuthenticationCode(code: string | undefined): boolean {
  return code === 'AuthenticationFailed' || code === 'InvalidAuthenticationInfo';
}

function refusedCredential(reply: FailedReply, body: ErrorBody | undefined, now: number): CredentialError {
  const proof = reply.signedWith === 'Entra ID' ? 'token' : 'signature';
  const skewed = skewError(reply.header('date'), proof, now);
  if (skewed !== undefined) return skewed;
  if (reply.signedWith === 'Entra ID') {
    return new CredentialError(`${hostOf(reply.endpoint)} refused the Entra ID token${explain(body)}`, {
      next: "az login with a user who has a role on the Batch account, in the account's tenant",
    });
  }
  return new CredentialError(
    `${hostOf(reply.endpoint)} refused the account name or its key${explain(body)}`,
    {
      next: 'az batch account keys list -g GROUP -n ACCOUNT, then set AZURE_BATCH_ACCOUNT and AZURE_BATCH_ACCESS_KEY',
    },
  );
}

/** The first sentence; the rest repeats the text that was signed. */
function explain(body: ErrorBody | undefined): string {
  const detail = body?.details.find(({ key }) => key === 'AuthenticationErrorDetail');
  return detail === undefined ? '' : `: ${detail.value.split(/\.\s|\n/)[0]}`;
}

const EXISTS = 'take another id, or delete what has it';
const BEING_DELETED = 'wait until it is gone: then its id is free again';

const NEXT_STEPS: Readonly<Record<string, string>> = {
  Forbidden: 'ask for a role with Batch data actions, such as Azure Batch Data Contributor',
  InsufficientAccountPermissions:
    'ask for a role with Batch data actions, such as Azure Batch Data Contributor',
  AccountIsDisabled: 'enable the account in the Azure portal',
  ConditionNotMet: 'reload it: someone changed it meanwhile',
  PoolBeingResized: 'wait until the pool is steady, or stop the resize',
  PoolNotFound: ':pools, or azb get pools, lists those that there are',
  NodeNotFound: ':nodes POOL, or azb get nodes -p POOL, lists those that there are',
  JobNotFound: ':jobs, or azb get jobs, lists those that there are',
  JobScheduleNotFound: ':jobschedules, or azb get jobschedules, lists those that there are',
  TaskNotFound: ':tasks JOB, or azb get tasks -j JOB, lists those that there are',
  PoolExists: EXISTS,
  JobExists: EXISTS,
  JobScheduleExists: EXISTS,
  TaskExists: EXISTS,
  PoolBeingDeleted: BEING_DELETED,
  JobBeingDeleted: BEING_DELETED,
  JobScheduleBeingDeleted: BEING_DELETED,
  PoolQuotaReached: 'delete a pool that is not needed, or ask for a higher quota',
  ActiveJobAndScheduleQuotaReached: 'terminate jobs that are done, or ask for a higher quota',
  UnsupportedRequestVersion: 'use an endpoint that serves the Batch API 2022-10-01.16.0',
};

function nextStep(reply: FailedReply, body: ErrorBody | undefined): string | undefined {
  const known = NEXT_STEPS[body?.code ?? ''];
  if (known !== undefined) return known;
  if (reply.status === 429 || reply.status === 503)
    return 'wait a little; the service asks for fewer requests';
  if (body !== undefined) return undefined;
  return `check the endpoint: ${reply.endpoint} does not answer as a Batch account does`;
}

function codeOfStatus(status: number): string {
  return status === 404 ? 'NotFound' : `Http${status}`;
}

function messageOfStatus(reply: FailedReply): string {
  return `${reply.request} was answered with HTTP ${reply.status} and no Batch error`;
}

function hostOf(endpoint: string): string {
  return new URL(endpoint).host;
}

function parseErrorBody(text: string): ErrorBody | undefined {
  const body = parseJson(text);
  if (!isRecord(body) || typeof body.code !== 'string') return undefined;
  const message = isRecord(body.message) ? body.message.value : body.message;
  const values = Array.isArray(body.values) ? body.values : [];
  return {
    code: body.code,
    message: typeof message === 'string' && message !== '' ? firstLine(message) : body.code,
    details: values.filter(isRecord).map(({ key, value }) => ({ key: String(key), value: String(value) })),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
