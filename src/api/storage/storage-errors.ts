import { AzbError, CredentialError, ServiceError, UnreachableError } from '../../lib/errors.ts';
import type { StorageSettings } from '../settings.ts';
import { isProxyFailure, networkError } from '../wire/network-errors.ts';
import { skewError } from '../wire/service-clock.ts';
import { firstLine } from '../wire/service-errors.ts';

/** What the SDK throws for an answer that is no success, as far as it is read here. */
interface RestError {
  readonly statusCode?: number;
  readonly code?: string;
  readonly message?: string;
  readonly response?: { readonly headers: { get(name: string): string | undefined } };
  readonly details?: { readonly errorCode?: string; readonly authenticationErrorDetail?: string };
}

/** Codes that say that the storage account does not believe who azb is. */
const UNBELIEVED = ['AuthenticationFailed', 'InvalidAuthenticationInfo', 'NoAuthenticationInformation'];

/** What the service's codes mean where its own words do not help. */
const MEANINGS: Readonly<Record<string, string>> = {
  BlobNotFound: 'the blob does not exist',
  ContainerNotFound: 'the container does not exist',
  BlobAlreadyExists: 'there is a blob of that name already',
  ContainerAlreadyExists: 'there is a container of that name already',
  ContainerBeingDeleted: 'the container of that name is still being deleted',
  AuthorizationPermissionMismatch: 'the permissions do not suffice for this',
  PublicAccessNotPermitted: 'the storage account does not allow public access',
};

const NEXT_STEPS: Readonly<Record<string, string>> = {
  ContainerBeingDeleted: 'try again in half a minute',
  ContainerNotFound: ':containers, or azb get containers, lists those that there are',
  BlobAlreadyExists: 'choose to overwrite, or another prefix',
  KeyBasedAuthenticationNotPermitted:
    'sign in with Entra ID: give the account as its address, https://NAME.blob.core.windows.net, in storage of config.yaml',
  AuthorizationFailure: 'see that the firewall of the storage account lets this machine in',
  InvalidResourceName: 'names of containers have 3 to 63 lower-case letters, digits and single hyphens',
  PublicAccessNotPermitted: 'choose no public access; s makes a link that can be read for a time',
};

/** Turns what the SDK throws into an error for people. Errors of azb pass unchanged, and so does an abort. */
export function storageError(error: unknown, settings: StorageSettings, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof AzbError) return error;
  const { statusCode, code, message = '', details, response } = (error ?? {}) as RestError;
  if (statusCode === undefined) return unanswered(error, settings);
  const known = code ?? details?.errorCode ?? (statusCode === 404 ? 'ResourceNotFound' : `Http${statusCode}`);
  if (statusCode === 401 || UNBELIEVED.includes(known)) {
    const proof = settings.credential.kind === 'Entra ID' ? 'token' : 'signature';
    const skewed = skewError(response?.headers.get('date'), proof);
    return skewed ?? unbelieved(settings, details?.authenticationErrorDetail);
  }
  return new ServiceError({
    status: statusCode,
    code: known,
    message:
      MEANINGS[known] ?? (firstLine(message) || `the storage account answered with HTTP ${statusCode}`),
    next: nextStep(known, settings),
    cause: error,
  });
}

/** No answer came. */
function unanswered(error: unknown, settings: StorageSettings): AzbError {
  const failure = networkError(error, settings.endpoint);
  if (!(failure instanceof UnreachableError) || isProxyFailure(error)) return failure;
  const next = /refuses/.test(failure.message)
    ? 'check the address of the storage account; if it is an emulator, start it'
    : `check the address of the storage account (${settings.source}), your network and its firewall`;
  return new UnreachableError(`the storage account: ${failure.message}`, { next, cause: error });
}

function unbelieved(
  { name, credential, source }: StorageSettings,
  detail: string | undefined,
): CredentialError {
  const why = detail === undefined ? '' : `: ${detail.split(/\.\s|\n/)[0]}`;
  const steps = {
    'shared key': `az storage account show-connection-string -n ${name}, then set AZURE_STORAGE_CONNECTION_STRING`,
    signature: `az storage container generate-sas, or an account's: the signature (${source}) may be over`,
    'Entra ID': `az login with a user who has a role such as Storage Blob Data Contributor on ${name}`,
  };
  const proof = credential.kind === 'Entra ID' ? 'Entra ID token' : credential.kind;
  return new CredentialError(`the storage account ${name} refused the ${proof}${why}`, {
    next: steps[credential.kind],
  });
}

function nextStep(code: string, { credential, name }: StorageSettings): string | undefined {
  if (code !== 'AuthorizationPermissionMismatch') return NEXT_STEPS[code];
  return credential.kind === 'Entra ID'
    ? `ask for the role Storage Blob Data Contributor on ${name}; it takes some minutes to count`
    : 'use a signature with more permissions, or the account key';
}
