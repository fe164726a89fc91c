import { CredentialError } from '../lib/errors.ts';
import { firstLine } from './service-errors.ts';
import type { Cloud, CredentialSettings } from './settings.ts';

type Sdk = typeof import('./sdk.ts');
type Signer = ConstructorParameters<Sdk['BatchServiceClientContext']>[0];
type TokenCredential = ConstructorParameters<Sdk['AzureIdentityCredentialAdapter']>[0];
type Token = Awaited<ReturnType<TokenCredential['getToken']>>;

/**
 * Batch has token audiences of its own, other than those of Azure Resource Manager.
 * The audience itself ends in a slash, hence the two.
 * @see https://learn.microsoft.com/azure/batch/batch-aad-auth#microsoft-entra-batch-scope
 */
const AUDIENCES: Readonly<Record<Cloud, string>> = {
  AzureCloud: 'https://batch.core.windows.net//.default',
  AzureChinaCloud: 'https://batch.chinacloudapi.cn//.default',
  AzureUSGovernment: 'https://batch.core.usgovcloudapi.net//.default',
};

export const AUTHORITIES: Readonly<Record<Cloud, string>> = {
  AzureCloud: 'https://login.microsoftonline.com',
  AzureChinaCloud: 'https://login.chinacloudapi.cn',
  AzureUSGovernment: 'https://login.microsoftonline.us',
};

/** A token is renewed this long before it ends. */
const RENEW_BEFORE_MS = 5 * 60_000;

/** A token that was refused this soon is not asked for again: the same one would come. */
const DOUBT_AFTER_MS = 30_000;

/** Gives tokens, and hears of it when the service refuses one. */
export interface ReusedToken extends TokenCredential {
  /** The service did not take the token: the next request asks for a new one, whatever time the token has left. */
  refused(): void;
}

/** What signs requests, and what hears of it when the service refuses one that it signed. */
export interface RequestSigner {
  readonly signer: Signer;
  refused(): void;
}

/**
 * What signs requests for the SDK. `@azure/identity` is loaded only for Entra ID, and the first token is
 * asked for by the first request.
 */
export async function signerFor(
  account: string,
  credential: CredentialSettings,
  sdk: Sdk,
): Promise<RequestSigner> {
  if (credential.kind === 'shared key') {
    return { signer: new sdk.BatchSharedKeyCredentials(account, credential.key), refused: () => undefined };
  }
  const tokens = await entraTokens(credential.cloud, 'Batch');
  const signer = new sdk.AzureIdentityCredentialAdapter(tokens, AUDIENCES[credential.cloud]);
  return { signer, refused: tokens.refused };
}

/** Tokens of whoever is signed in, kept while they last; one audience each. Loads `@azure/identity`. */
export async function entraTokens(cloud: Cloud, purpose: string): Promise<ReusedToken> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  const authorityHost = process.env.AZURE_AUTHORITY_HOST ?? AUTHORITIES[cloud];
  return reuseToken(new DefaultAzureCredential({ authorityHost }), Date.now, purpose);
}

/**
 * Keeps the token until shortly before it ends, and asks once when several requests need one at a time: the
 * Azure CLI's credential otherwise starts a process for every request.
 */
export function reuseToken(
  source: TokenCredential,
  now: () => number = Date.now,
  purpose = 'Batch',
): ReusedToken {
  let held: Token = null;
  let heldSince = 0;
  let pending: Promise<Token> | undefined;

  async function renew(scopes: string | string[]): Promise<Token> {
    try {
      held = await source.getToken(scopes);
      heldSince = now();
      return held;
    } catch (error) {
      throw tokenError(error, purpose);
    } finally {
      pending = undefined;
    }
  }

  return {
    getToken(scopes) {
      if (held !== null && held.expiresOnTimestamp - RENEW_BEFORE_MS > now()) return Promise.resolve(held);
      pending ??= renew(scopes);
      return pending;
    },
    refused() {
      if (now() - heldSince >= DOUBT_AFTER_MS) held = null;
    },
  };
}

function tokenError(error: unknown, purpose: string): CredentialError {
  return new CredentialError(`no Entra ID token for ${purpose} could be had: ${reasonOf(error)}`, {
    next: purpose === 'Batch' ? 'az login, or give the account key in AZURE_BATCH_ACCESS_KEY' : 'az login',
    cause: error,
  });
}

/** Of a chain of credentials, the one that was there and failed says more than those that were not there. */
function reasonOf(error: unknown): string {
  const tried =
    error instanceof Error && 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  const failed = tried.find(({ name }: Error) => name !== 'CredentialUnavailableError');
  if (failed instanceof Error) return firstLine(failed.message);
  if (tried.length > 0)
    return 'nobody is signed in here (environment, managed identity, Azure CLI and others were asked)';
  return firstLine(error instanceof Error ? error.message : String(error));
}
