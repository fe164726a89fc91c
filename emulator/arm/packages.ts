import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { toTimestamp } from '../clock.ts';
import { type Application, type ApplicationCatalog, isVersion } from '../packages/application-catalog.ts';
import { ZipError } from '../packages/zip-directory.ts';
import type { AutoStorage } from '../storage/auto-storage.ts';
import { asTransferError, send, TransferError } from '../storage/transfer.ts';
import type { AccountRecord } from './account-record.ts';
import { noAutoStorage } from './accounts.ts';
import { applicationAt, versionOf } from './applications.ts';
import { ArmFault, invalidBody } from './errors.ts';
import type { Management } from './management.ts';
import { accountId } from './names.ts';
import { isPackageOf, keyOfPackage, type PackageRecord } from './package-record.ts';
import { type ArmHandler, type ArmRequest, parameter } from './types.ts';

/** How long the address of a package can be used. */
const ADDRESS_LIFE_MS = 4 * 3_600_000;
const STORAGE_VERSION = '2020-10-02';

export const listPackages: ArmHandler = (management, request) => {
  const { record, application } = applicationAt(management, request);
  const pending = management.packages
    .all()
    .filter(
      (each) => isPackageOf(each, record, application) && versionOf(application, each.version) === undefined,
    )
    .map(({ version }) => version);
  const versions = [...application.versions, ...pending].sort();
  const value = versions.map((version) => packageView(management, record, application, version));
  return { status: 200, json: { value } };
};

export const getPackage: ArmHandler = (management, request) => {
  const { record, application } = applicationAt(management, request);
  const version = demandVersion(management, request);
  return { status: 200, json: packageView(management, record, application, version) };
};

/** Answers with an address in the linked storage account, where the archive is to be put. */
export const putPackage: ArmHandler = async (management, request) => {
  const { record, application } = applicationAt(management, request);
  const version = parameter(request, 'version');
  if (!isVersion(version)) throw invalidBody(`'${version}' can name no version.`, 'InvalidVersionName');
  const storage = demandStorage(management, record);
  const container = containerOf(application.id);
  await makeContainer(management, storage, container);
  const created = management.clock.now();
  management.packages.put({
    account: record.name,
    accountCreated: record.created,
    application: application.id,
    version: versionOf(application, version) ?? version,
    container,
    blob: `${application.id}-${version}-${randomUUID()}`,
    created,
  });
  return { status: 200, json: packageView(management, record, application, version) };
};

/** Takes the archive from where it was put. */
export const activatePackage: ArmHandler = async (management, request) => {
  const { record, application, catalog } = applicationAt(management, request);
  const { format } = request.body;
  if (format !== 'zip') {
    throw invalidBody(`The value ${JSON.stringify(format) ?? 'missing'} of format is not zip.`);
  }
  const version = demandVersion(management, request);
  const known = recordOf(management, record, application, version);
  if (known !== undefined) {
    await takeArchive(management, demandStorage(management, record), catalog, known);
    management.packages.put({ ...known, activated: management.clock.now() });
  }
  const after = catalog.get(application.id) ?? application;
  return { status: 200, json: packageView(management, record, after, version) };
};

/**
 * The default version can be deleted like any other, after which there is none: the tests of Azure's own clients, which
 * were recorded at the service, do so.
 * @see https://github.com/Azure/azure-cli/blob/dev/src/azure-cli/azure/cli/command_modules/batch/tests/latest/test_batch_mgmt_commands.py
 */
export const deletePackage: ArmHandler = async (management, request) => {
  const { record, application, catalog } = applicationAt(management, request);
  const name = parameter(request, 'version');
  const version = versionOf(application, name);
  const known = recordOf(management, record, application, name);
  if (version === undefined && known === undefined) return { status: 204 };
  if (version !== undefined) await catalog.removePackage(application, version);
  if (known !== undefined) {
    management.packages.remove(keyOfPackage(known));
    await removeArchive(management, record, known);
  }
  return { status: 200 };
};

/** The version that the path names, as it was first written. */
function demandVersion(management: Management, request: ArmRequest): string {
  const { record, application } = applicationAt(management, request);
  const name = parameter(request, 'version');
  const version = versionOf(application, name) ?? recordOf(management, record, application, name)?.version;
  if (version !== undefined) return version;
  throw new ArmFault(
    404,
    'ApplicationPackageNotFound',
    `The application ${application.id} has no version ${name}.`,
  );
}

function demandStorage(management: Management, record: AccountRecord): AutoStorage {
  const { autoStorage } = record.settings;
  const storage =
    autoStorage === undefined ? undefined : management.storages.find(autoStorage.storageAccountId);
  if (storage === undefined) throw noAutoStorage(record);
  return storage;
}

/** What is kept of a package that came by way of the storage account; undefined of one that came otherwise. */
function recordOf(
  { packages }: Management,
  account: AccountRecord,
  application: Application,
  version: string,
): PackageRecord | undefined {
  const found = packages.get(keyOfPackage({ account: account.name, application: application.id, version }));
  return found !== undefined && isPackageOf(found, account, application) ? found : undefined;
}

const MOST_KEPT = 15;

/** Each application has a container; its name tells which, as far as a container's can. */
function containerOf(application: string): string {
  const readable = application
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MOST_KEPT)
    .replace(/^-+|-+$/g, '');
  const digest = createHash('sha1').update(application.toLowerCase()).digest('hex');
  return ['app', readable, digest].filter((part) => part !== '').join('-');
}

async function makeContainer(management: Management, storage: AutoStorage, name: string): Promise<void> {
  const url = new URL(storage.creationUrl(name, dateOf(management)));
  const headers = { 'x-ms-version': STORAGE_VERSION, 'Content-Length': 0 };
  try {
    const reply = await send({ method: 'PUT', url, headers, body: '' }, management.transfers);
    reply.resume();
  } catch (error) {
    if (error instanceof TransferError && error.code === 'ContainerAlreadyExists') return;
    throw storageFault(error);
  }
}

async function takeArchive(
  management: Management,
  storage: AutoStorage,
  catalog: ApplicationCatalog,
  { application, version, container, blob }: PackageRecord,
): Promise<void> {
  const url = new URL(addressOf(management, storage, { container, blob }));
  try {
    const archive = await send(
      { method: 'GET', url, headers: { 'x-ms-version': STORAGE_VERSION } },
      management.transfers,
    );
    await catalog.putPackage(application, version, Readable.from(archive));
  } catch (error) {
    if (error instanceof ZipError) throw new ArmFault(409, 'ApplicationPackageFormatInvalid', error.message);
    if (error instanceof TransferError && error.status === 404) {
      throw new ArmFault(
        409,
        'ApplicationPackageBlobNotFound',
        `Nothing was put to the address of the package ${application} ${version} yet.`,
      );
    }
    throw storageFault(error);
  }
}

/** What cannot be removed from the storage account stays there, as a file that nobody needs. */
async function removeArchive(
  management: Management,
  record: AccountRecord,
  { container, blob }: PackageRecord,
): Promise<void> {
  const { autoStorage } = record.settings;
  const storage = autoStorage && management.storages.find(autoStorage.storageAccountId);
  if (storage === undefined) return;
  const url = new URL(addressOf(management, storage, { container, blob }));
  const headers = { 'x-ms-version': STORAGE_VERSION };
  await send({ method: 'DELETE', url, headers }, management.transfers).then(
    (reply) => reply.resume(),
    () => {},
  );
}

function addressOf(
  management: Management,
  storage: AutoStorage,
  { container, blob }: Pick<PackageRecord, 'container' | 'blob'>,
): string {
  const now = dateOf(management);
  return storage.blobUrl(container, blob, now, new Date(now.getTime() + ADDRESS_LIFE_MS));
}

function storageFault(error: unknown): ArmFault {
  const { message } = asTransferError(error);
  return new ArmFault(
    409,
    'AutoStorageAccountError',
    `The linked storage account did not do its part: ${message}.`,
  );
}

function dateOf({ clock }: Management): Date {
  return new Date(clock.now() / 1000);
}

function packageView(
  management: Management,
  account: AccountRecord,
  application: Application,
  version: string,
): object {
  const isActive = versionOf(application, version) !== undefined;
  const known = recordOf(management, account, application, version);
  return {
    id: `${accountId(account.group, account.name)}/applications/${application.id}/versions/${version}`,
    name: version,
    type: 'Microsoft.Batch/batchAccounts/applications/versions',
    properties: {
      state: isActive ? 'Active' : 'Pending',
      ...(isActive ? { format: 'zip' } : {}),
      ...addressView(management, account, known),
      ...(known?.activated === undefined ? {} : { lastActivationTime: toTimestamp(known.activated) }),
    },
  };
}

/** The address is signed anew whenever the package is asked for. */
function addressView(
  management: Management,
  { settings: { autoStorage } }: AccountRecord,
  known: PackageRecord | undefined,
): object {
  const storage = autoStorage && management.storages.find(autoStorage.storageAccountId);
  if (known === undefined || storage === undefined) return {};
  const expiry = dateOf(management).getTime() + ADDRESS_LIFE_MS;
  return {
    storageUrl: addressOf(management, storage, known),
    storageUrlExpiry: new Date(expiry).toISOString(),
  };
}
