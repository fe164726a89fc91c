import { CredentialError } from '../../lib/errors.ts';
import type { Cloud, CredentialSettings } from '../settings.ts';
import { firstLine } from './service-errors.ts';

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

const AUTHORITIES: Readonly<Record<Cloud, string>> = {
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
  /**
   * The service did not take the token that it was shown by this header, whatever time it has left. True when another one is
   * to be had, so that it is worth asking the service once more.
   */
  refused(shown: string | undefined): boolean;
}

/** What signs requests, and what hears of it when the service refuses one that it signed. */
export type RequestSigner = { readonly signer: Signer } & Pick<ReusedToken, 'refused'>;

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
    return { signer: new sdk.BatchSharedKeyCredentials(account, credential.key), refused: () => false };
  }
  const tokens = await entraTokens(credential.cloud, 'Batch');
  const signer = new sdk.AzureIdentityCredentialAdapter(tokens, AUDIENCES[credential.cloud]);
  return { signer, refused: tokens.refused };
}

/** Tokens of whoever is signed in, kept while they last; one audience each. Loads `@azure/identity`. */
export async function entraTokens(cloud: Cloud, purpose: string): Promise<ReusedToken> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  const authorityHost = process.env.AZURE_AUTHORITY_HOST ?? AUTHORITIES[cloud];
  return reuseToken(() => new DefaultAzureCredential({ authorityHost }), Date.now, purpose);
}

/** A token as it is kept; one that was refused says that it has ended, to the SDKs as well, which keep it on their part. */
interface HeldToken {
  readonly key: string;
  readonly since: number;
  isRefused: boolean;
  readonly token: NonNullable<Token>;
}

/**
 * Keeps the token until shortly before it ends, and asks once when several requests need one at a time: the
 * Azure CLI's credential otherwise starts a process for every request. `signIn` makes what gives tokens; it is made anew
 * after a refusal, as it keeps tokens itself.
 */
export function reuseToken(
  signIn: () => TokenCredential,
  now: () => number = Date.now,
  purpose = 'Batch',
): ReusedToken {
  let source: TokenCredential | undefined;
  let held: HeldToken | undefined;
  let pending: { readonly key: string; readonly token: Promise<Token> } | undefined;

  async function renew(key: string, ...asked: Parameters<TokenCredential['getToken']>): Promise<Token> {
    try {
      source ??= signIn();
      const token = await source.getToken(...asked);
      held = token === null ? undefined : hold(key, token, now());
      return held?.token ?? null;
    } catch (error) {
      throw tokenError(error, purpose);
    } finally {
      pending = undefined;
    }
  }

  return {
    getToken(scopes, options) {
      // What the service wants of the one who signs in: that makes it another token.
      const { tenantId, claims } = (options ?? {}) as { tenantId?: string; claims?: string };
      const key = JSON.stringify([scopes, tenantId, claims]);
      const isGood = held?.key === key && held.token.expiresOnTimestamp - RENEW_BEFORE_MS > now();
      if (held !== undefined && isGood && claims === undefined) return Promise.resolve(held.token);
      if (pending?.key !== key) pending = { key, token: renew(key, scopes, options) };
      return pending.token;
    },
    refused(shown) {
      if (held === undefined || held.isRefused) return held !== undefined;
      // Of requests that were sent together, another one has led to a new token already.
      if (shown?.endsWith(held.token.token) === false) return true;
      if (now() - held.since < DOUBT_AFTER_MS) return false;
      held.isRefused = true;
      source = undefined;
      return true;
    },
  };
}

function hold(key: string, { token, expiresOnTimestamp }: NonNullable<Token>, since: number): HeldToken {
  const held: HeldToken = {
    key,
    since,
    isRefused: false,
    token: {
      token,
      get expiresOnTimestamp() {
        return held.isRefused ? 0 : expiresOnTimestamp;
      },
    },
  };
  return held;
}

/** What does without a token. */
const INSTEAD: Readonly<Record<string, string>> = {
  Batch: 'the account key in AZURE_BATCH_ACCESS_KEY',
  storage: 'a connection string in AZURE_STORAGE_CONNECTION_STRING',
};

function tokenError(error: unknown, purpose: string): CredentialError {
  return new CredentialError(`no Entra ID token for ${purpose} could be had: ${reasonOf(error)}`, {
    next: INSTEAD[purpose] === undefined ? 'az login' : `az login, or give ${INSTEAD[purpose]}`,
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
