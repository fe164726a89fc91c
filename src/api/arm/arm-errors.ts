import { type AzbError, CredentialError, ServiceError } from '../../lib/errors.ts';
import { isLoopback } from '../settings.ts';
import { skewError } from '../wire/service-clock.ts';
import { firstLine, parseRetryAfter } from '../wire/service-errors.ts';

/** An answer of Azure Resource Manager that is no success. */
export interface FailedArmReply {
  readonly status: number;
  readonly body: string;
  header(name: string): string | undefined;
  /** `PUT …/batchAccounts/mine`, for answers that do not say what went wrong. */
  readonly request: string;
  readonly endpoint: string;
}

/**
 * Turns a failed reply into the error that people see: a CredentialError when nobody is who they should be,
 * otherwise a ServiceError with the next step where one is known.
 * @see https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors
 */
export function armError(reply: FailedArmReply, now: number = Date.now()): AzbError {
  const body = parseBody(reply.body);
  if (reply.status === 401) return skewError(reply.header('date'), 'token', now) ?? refusedToken(reply, body);
  return new ServiceError({
    status: reply.status,
    code: body?.code ?? `Http${reply.status}`,
    message: body?.message ?? `${reply.request} was answered with HTTP ${reply.status} and no reason`,
    requestId: reply.header('x-ms-request-id'),
    retryAfter: parseRetryAfter(reply.header('retry-after'), now),
    next: nextStep(reply, body?.code),
  });
}

function refusedToken({ endpoint }: FailedArmReply, body: ErrorBody | undefined): CredentialError {
  const why = body === undefined ? '' : `: ${firstSentence(body.message)}`;
  const { host } = new URL(endpoint);
  if (isLoopback(endpoint)) {
    return new CredentialError(`the emulator at ${host} refused the token${why}`, {
      next: 'set AZURE_BATCH_ACCESS_KEY and AZB_ARM_ENDPOINT as the emulator printed them',
    });
  }
  return new CredentialError(`${host} refused the Entra ID token${why}`, {
    next: "az login, in the subscription's tenant",
  });
}

const NEXT_STEPS: Readonly<Record<string, string>> = {
  AuthorizationFailed:
    'ask for a role on the account or its resource group: Reader to look, Contributor to change',
  MissingSubscriptionRegistration: 'az provider register --namespace Microsoft.Batch',
  ResourceGroupNotFound:
    'take a group that is there, or have it made: Make group in the form, makeResourceGroup: true in a file, az group create',
  ScopeLocked: 'remove the lock, if you may: az lock list -g GROUP',
  SubscriptionQuotaExceeded:
    'take another region, delete an account that is not needed, or ask for a higher quota',
  LocationNotAvailableForResourceType: 'take another region: az account list-locations -o table',
  AnotherOperationInProgress: 'wait until it is over; :accounts shows the state',
  OperationNotAllowed: 'see what the message says; a quota may be used up',
};

function nextStep(reply: FailedArmReply, code: string | undefined): string | undefined {
  const known = NEXT_STEPS[code ?? ''];
  if (known !== undefined) return known;
  if (reply.status === 429 || reply.status === 503)
    return 'wait a little; the service asks for fewer requests';
  if (code !== undefined) return undefined;
  return `check the endpoint: ${reply.endpoint} does not answer as Azure Resource Manager does`;
}

interface ErrorBody {
  readonly code: string;
  readonly message: string;
}

function parseBody(text: string): ErrorBody | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const error = (value as { error?: unknown } | null)?.error;
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code !== 'string') return undefined;
  return { code, message: typeof message === 'string' && message !== '' ? firstLine(message) : code };
}

function firstSentence(text: string): string {
  return text.split(/\.\s/)[0] ?? text;
}
