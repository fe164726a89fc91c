import { AzbError, asAzbError, ServiceError } from '../../lib/errors.ts';
import { shellQuote } from '../../lib/shell-quote.ts';
import type { Operation } from '../../resources/types.ts';
import type { NewPackage, UploadFile } from '../port.ts';
import type { ArmAccount } from './account-list.ts';
import type { ArmClient } from './arm-client.ts';

/** What the service says of a package, as far as it is read here. */
interface ArmPackage {
  readonly properties?: {
    readonly state?: string;
    readonly storageUrl?: string;
    readonly storageUrlExpiry?: string;
  };
}

/** What it says of an application. */
interface ArmApplication {
  readonly properties?: { readonly defaultVersion?: string };
}

/**
 * Makes a version of an application's package out of an archive: the application where it is not there, the version, the
 * archive in the linked storage account, and the activation. `onProgress` is told how many bytes are there so far. A version,
 * and an application, that was made for a package which then could not be made is taken back.
 * @see https://learn.microsoft.com/rest/api/batchmanagement/application-package/create
 */
export async function publishPackage(
  client: ArmClient,
  account: ArmAccount,
  wanted: NewPackage,
  file: UploadFile,
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { application, version, isDefault } = wanted;
  const path = applicationPath(account, application);
  const place = versionPath(path, version);
  const isNew = await makeApplication(client, path, signal);
  const isNewVersion = isNew || !(await isThere(client, place, signal));
  try {
    await makeVersion(client, place, file, onProgress, signal);
  } catch (error) {
    if (error instanceof MaybeActive) throw error.cause;
    if (isNewVersion) await takeBack(client, isNew ? [place, path] : [place], wanted, error);
    throw error;
  }
  if (isDefault) await makeDefaultPackage(client, account, application, version, signal);
}

/** Nobody knows whether the package was activated before something went wrong. */
class MaybeActive extends Error {}

async function makeVersion(
  client: ArmClient,
  place: string,
  file: UploadFile,
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { body } = await client.send({ method: 'PUT', path: place, body: {} }, signal).catch(explained);
  const { storageUrl } = (body as ArmPackage).properties ?? {};
  if (storageUrl === undefined) throw new AzbError('the service gave no address to put the package to');
  const { uploadToUrl } = await import('../storage/storage-upload.ts');
  await uploadToUrl(storageUrl, file, onProgress, signal);
  signal.throwIfAborted();
  const activation = { method: 'POST', path: `${place}/activate`, body: { format: 'zip' } } as const;
  await client.send(activation, signal).catch((error: unknown) => {
    const isRefused = error instanceof ServiceError && error.status < 500;
    throw isRefused ? error : new MaybeActive('the activation', { cause: error });
  });
}

/** Says whether the application was not there. */
async function makeApplication(client: ArmClient, path: string, signal: AbortSignal): Promise<boolean> {
  if (await isThere(client, path, signal)) return false;
  await client.send({ method: 'PUT', path, body: {} }, signal);
  return true;
}

async function isThere(client: ArmClient, path: string, signal: AbortSignal): Promise<boolean> {
  try {
    await client.send({ method: 'GET', path }, signal);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof ServiceError && error.status === 404;
}

/**
 * Removes what was made for a package that could not be: the version without it, and the application where that has nothing
 * else. Says what is left where it cannot.
 */
async function takeBack(
  client: ArmClient,
  places: readonly string[],
  { application, version }: NewPackage,
  failure: unknown,
): Promise<void> {
  // Who stopped the work wants nothing of it left.
  const { signal } = new AbortController();
  try {
    for (const path of places) {
      await client.send({ method: 'DELETE', path }, signal).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    }
  } catch {
    const [what, flag] =
      places.length > 1
        ? [`the application ${application}`, '--all-versions']
        : [`version ${version} of ${application}`, `--version ${shellQuote(version)}`];
    throw new AzbError(
      `${asAzbError(failure).message}; ${what} was made for it, and is left without a package`,
      {
        next: `try again, or remove it: azb delete application ${shellQuote(application)} ${flag}`,
        cause: failure,
      },
    );
  }
}

/** Packages go by way of a storage account: what to do where none is linked is worth a word. */
function explained(error: unknown): never {
  if (error instanceof ServiceError && /AutoStorage/i.test(error.code)) {
    throw new AzbError('no storage account is linked to the Batch account, and packages are kept in one', {
      next: 'az batch account set -g GROUP -n ACCOUNT --storage-account NAME',
      cause: error,
    });
  }
  throw error;
}

/**
 * The versions of an application, those without a package yet too, and which of them is the default one.
 * @see https://learn.microsoft.com/rest/api/batchmanagement/application-package/list
 */
export async function fetchPackages(
  client: ArmClient,
  account: ArmAccount,
  application: string,
  signal: AbortSignal,
): Promise<readonly object[]> {
  const path = applicationPath(account, application);
  const [versions, { body }] = await Promise.all([
    client.list(`${path}/versions`, signal),
    client.send({ method: 'GET', path }, signal),
  ]);
  const { defaultVersion = '' } = (body as ArmApplication).properties ?? {};
  return (versions as ({ readonly name: string } & ArmPackage)[]).map(({ properties = {}, ...each }) => {
    // The address opens the archive to whoever sees it, for writing too.
    const { storageUrl: _, storageUrlExpiry: _until, ...told } = properties;
    const isDefault = each.name.toLowerCase() === defaultVersion.toLowerCase();
    return { ...each, isDefault, properties: told };
  });
}

/** Does one of the actions on an application or on one of its versions. */
export async function changePackages(
  client: ArmClient,
  account: ArmAccount,
  { resource, action, scope, id, args }: Operation,
  signal: AbortSignal,
): Promise<void> {
  if (resource === 'packages') {
    const change = action === 'makeDefault' ? makeDefaultPackage : deletePackage;
    await change(client, account, scope.application ?? '', id, signal);
  } else if (action === 'deleteVersion')
    await deletePackage(client, account, id, String(args?.version), signal);
  else await deleteApplication(client, account, id, args?.versions === 'go with it', signal);
}

/** Has references without a version stand for this one. */
async function makeDefaultPackage(
  client: ArmClient,
  account: ArmAccount,
  application: string,
  version: string,
  signal: AbortSignal,
): Promise<void> {
  const properties = { defaultVersion: version };
  const path = applicationPath(account, application);
  await client.send({ method: 'PATCH', path, body: { properties } }, signal);
}

/** Deletes an application, with all its versions if they are to go with it; the service refuses one that has any. */
async function deleteApplication(
  client: ArmClient,
  account: ArmAccount,
  application: string,
  withVersions: boolean,
  signal: AbortSignal,
): Promise<void> {
  const path = applicationPath(account, application);
  if (withVersions) {
    for (const { name } of (await client.list(`${path}/versions`, signal)) as { readonly name: string }[]) {
      await client.send({ method: 'DELETE', path: versionPath(path, name) }, signal);
    }
  }
  try {
    await client.send({ method: 'DELETE', path }, signal);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'ApplicationPackagesNotEmpty') throw error;
    throw new AzbError(`the application ${application} has versions, which have to be deleted before`, {
      next: `let them go with it, in a shell: azb delete application ${shellQuote(application)} --all-versions`,
      cause: error,
    });
  }
}

/** Deletes one version of an application. */
async function deletePackage(
  client: ArmClient,
  account: ArmAccount,
  application: string,
  version: string,
  signal: AbortSignal,
): Promise<void> {
  const path = versionPath(applicationPath(account, application), version);
  // That there is none is answered like a deletion.
  await client.send({ method: 'GET', path }, signal);
  await client.send({ method: 'DELETE', path }, signal);
}

function applicationPath(account: ArmAccount, application: string): string {
  return `${account.id}/applications/${encodeURIComponent(application)}`;
}

function versionPath(path: string, version: string): string {
  return `${path}/versions/${encodeURIComponent(version)}`;
}
