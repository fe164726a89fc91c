import { ACCOUNT } from '../account-key.ts';
import { readSettings } from './account-body.ts';
import { type AccountRecord, keyRefusal, USUAL_SETTINGS } from './account-record.ts';
import { accountView } from './account-view.ts';
import { ArmFault, invalidBody } from './errors.ts';
import { demandGroup } from './groups.ts';
import { ACCOUNTS_PER_LOCATION, nameFault } from './locations.ts';
import type { Management } from './management.ts';
import { BATCH_VERSION, locationNamed, SUBSCRIPTION } from './names.ts';
import { type ArmHandler, type ArmReply, type ArmRequest, parameter } from './types.ts';

/** Seconds after which a client is to ask again how an operation goes. */
const RETRY_AFTER = '1';

export const listAccounts: ArmHandler = (management) => listOf(management, management.accounts.all());

export const listAccountsOfGroup: ArmHandler = (management, request) => {
  const group = demandGroup(management.groups.get(parameter(request, 'group')), parameter(request, 'group'));
  return listOf(
    management,
    management.accounts.all().filter((record) => sameText(record.group, group.name)),
  );
};

function listOf(management: Management, records: readonly AccountRecord[]): ArmReply {
  return { status: 200, json: { value: records.map((record) => viewOf(management, record)) } };
}

export const getAccount: ArmHandler = (management, request) => ({
  status: 200,
  json: viewOf(management, demandAccount(management, request)),
});

/** Makes an account; one that is there is changed, as by PATCH. */
export const putAccount: ArmHandler = (management, request) => {
  const { accounts, groups } = management;
  const name = parameter(request, 'account');
  const group = demandGroup(groups.get(parameter(request, 'group')), parameter(request, 'group'));
  const location = demandLocation(request.body.location);
  const before = accounts.get(name);
  if (before !== undefined) {
    demandSame(before, group.name, location);
    return { status: 200, json: viewOf(management, changed(management, before, request)) };
  }
  const fault = nameFault(name);
  if (fault !== undefined) throw invalidBody(fault, 'InvalidAccountName');
  if (accounts.all().filter((each) => each.location === location).length >= ACCOUNTS_PER_LOCATION) {
    throw new ArmFault(
      409,
      'SubscriptionQuotaExceeded',
      `The subscription has the ${ACCOUNTS_PER_LOCATION} Batch accounts that it may have in ${location}.`,
    );
  }
  const settings = readSettings(request.body, USUAL_SETTINGS, contextOf(management));
  return accepted(request, accounts.create({ name, group: group.name, location, settings }));
};

export const patchAccount: ArmHandler = (management, request) => {
  const record = demandAccount(management, request);
  return { status: 200, json: viewOf(management, changed(management, record, request)) };
};

function changed(management: Management, record: AccountRecord, request: ArmRequest): AccountRecord {
  demandReady(record);
  const settings = readSettings(request.body, record.settings, contextOf(management));
  return management.accounts.change(record, settings);
}

function contextOf({ clock, storages }: Management) {
  return { now: clock.now(), hasStorage: (id: string) => storages.find(id) !== undefined };
}

export const deleteAccount: ArmHandler = (management, request) => {
  const record = accountAt(management, request);
  if (record === undefined) return { status: 204 };
  if (record.name === ACCOUNT) {
    throw new ArmFault(
      409,
      'OperationNotAllowed',
      `${ACCOUNT} is the emulator's own account: it goes with it.`,
    );
  }
  if (record.state === 'Deleting') return accepted(request, record);
  if (record.state === 'Creating') demandReady(record);
  return accepted(request, management.accounts.delete(record));
};

/** What became of an operation that takes its time. */
export const operationResult: ArmHandler = (management, request) => {
  const operation = parameter(request, 'operation');
  const name = operation.slice(0, operation.indexOf('-'));
  const record = management.accounts.get(name);
  if (record === undefined) return { status: 200 };
  if (record.operation !== operation) {
    throw new ArmFault(404, 'OperationNotFound', `There is no operation ${operation}.`);
  }
  if (record.state === 'Creating' || record.state === 'Deleting') return accepted(request, record);
  if (record.state === 'Failed') {
    throw new ArmFault(500, 'InternalServerError', `The account ${record.name} could not be made.`);
  }
  return { status: 200, json: viewOf(management, record) };
};

function accepted({ baseUrl }: ArmRequest, { location, operation }: AccountRecord): ArmReply {
  const place = `${baseUrl}/subscriptions/${SUBSCRIPTION.id}/providers/Microsoft.Batch/locations/${location}`;
  return {
    status: 202,
    headers: {
      Location: `${place}/accountOperationResults/${operation}?api-version=${BATCH_VERSION}`,
      'Retry-After': RETRY_AFTER,
    },
  };
}

export const listKeys: ArmHandler = (management, request) =>
  keysReply(management, demandKeys(management, request));

export const regenerateKey: ArmHandler = async (management, request) => {
  const record = demandKeys(management, request);
  const { keyName } = request.body;
  if (keyName !== 'Primary' && keyName !== 'Secondary') {
    throw invalidBody(
      `The value ${JSON.stringify(keyName) ?? 'missing'} of keyName is not Primary or Secondary.`,
    );
  }
  await management.accounts.keysOf(record)?.regenerate(keyName === 'Primary' ? 'primary' : 'secondary');
  return keysReply(management, record);
};

function demandKeys(management: Management, request: ArmRequest): AccountRecord {
  const record = demandReady(demandAccount(management, request));
  const refusal = keyRefusal(record);
  if (refusal !== undefined) throw new ArmFault(409, 'SharedKeyAuthenticationNotAllowed', refusal);
  return record;
}

function keysReply({ accounts }: Management, record: AccountRecord): ArmReply {
  const keys = accounts.keysOf(record);
  return {
    status: 200,
    json: { accountName: record.name, primary: keys?.primary, secondary: keys?.secondary },
  };
}

export const synchronizeAutoStorageKeys: ArmHandler = (management, request) => {
  const record = demandReady(demandAccount(management, request));
  const { settings } = record;
  if (settings.autoStorage === undefined) throw noAutoStorage(record);
  const autoStorage = { ...settings.autoStorage, lastKeySync: management.clock.now() };
  management.accounts.change(record, { ...settings, autoStorage });
  return { status: 204 };
};

/** The refusal of what needs a storage account on an account that has none. */
export function noAutoStorage({ name }: AccountRecord): ArmFault {
  return new ArmFault(
    409,
    'AutoStorageAccountNotConfigured',
    `No storage account is linked to the account ${name}.`,
  );
}

/** Where the nodes of an account have to get to. */
export const listOutboundEndpoints: ArmHandler = (management, request) => {
  const record = demandReady(demandAccount(management, request));
  const { hostname, port } = new URL(management.accounts.endpointOf(record) ?? 'http://127.0.0.1');
  const endpoint = {
    domainName: hostname,
    description: 'The data plane',
    endpointDetails: [{ port: Number(port) }],
  };
  return { status: 200, json: { value: [{ category: 'Azure Batch', endpoints: [endpoint] }] } };
};

function viewOf({ accounts, quotas }: Management, record: AccountRecord): object {
  return accountView(record, accounts.endpointOf(record), quotas);
}

function accountAt({ accounts }: Management, request: ArmRequest): AccountRecord | undefined {
  const record = accounts.get(parameter(request, 'account'));
  return record !== undefined && sameText(record.group, parameter(request, 'group')) ? record : undefined;
}

/** The account that the path names. @throws ArmFault when there is none. */
export function demandAccount(management: Management, request: ArmRequest): AccountRecord {
  const group = parameter(request, 'group');
  demandGroup(management.groups.get(group), group);
  const record = accountAt(management, request);
  if (record !== undefined) return record;
  throw new ArmFault(
    404,
    'ResourceNotFound',
    `The Resource 'Microsoft.Batch/batchAccounts/${parameter(request, 'account')}' under resource group '${group}' was not found.`,
  );
}

/** @throws ArmFault while an account is made or taken away. */
export function demandReady(record: AccountRecord): AccountRecord {
  if (record.state === 'Succeeded') return record;
  throw new ArmFault(
    409,
    'AnotherOperationInProgress',
    `The account ${record.name} cannot be used now: its state is ${record.state}.`,
  );
}

function demandLocation(given: unknown): string {
  if (given === undefined)
    throw invalidBody("The 'location' property is required for this type.", 'LocationRequired');
  const location = typeof given === 'string' ? locationNamed(given) : undefined;
  if (location !== undefined) return location;
  throw invalidBody(
    `The provided location '${String(given)}' is not available for resource type 'Microsoft.Batch/batchAccounts'.`,
    'LocationNotAvailableForResourceType',
  );
}

function demandSame(before: AccountRecord, group: string, location: string): void {
  if (!sameText(before.group, group)) {
    throw new ArmFault(
      409,
      'AccountAlreadyExists',
      `There is an account ${before.name} in the resource group ${before.group}.`,
    );
  }
  if (before.location !== location) {
    throw new ArmFault(
      409,
      'InvalidResourceLocation',
      `The resource '${before.name}' already exists in location '${before.location}' in resource group '${before.group}'.`,
    );
  }
}

function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
