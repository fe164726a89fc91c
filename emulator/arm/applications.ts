import {
  type Application,
  type ApplicationCatalog,
  type ApplicationSettings,
  isApplicationId,
} from '../packages/application-catalog.ts';
import type { AccountRecord } from './account-record.ts';
import { demandAccount, demandReady } from './accounts.ts';
import { ArmFault, invalidBody, notServed } from './errors.ts';
import type { Management } from './management.ts';
import { accountId } from './names.ts';
import { isPackageOf } from './package-record.ts';
import { type ArmHandler, type ArmRequest, parameter } from './types.ts';

export const listApplications: ArmHandler = (management, request) => {
  const { record, catalog } = catalogAt(management, request);
  return { status: 200, json: { value: catalog.all().map((each) => applicationView(record, each)) } };
};

export const getApplication: ArmHandler = (management, request) => {
  const { record, catalog } = catalogAt(management, request);
  return { status: 200, json: applicationView(record, demandApplication(catalog, request)) };
};

/** Makes an application without packages; one that is there is changed. */
export const putApplication: ArmHandler = async (management, request) => {
  const { record, catalog } = catalogAt(management, request);
  const id = parameter(request, 'application');
  if (!isApplicationId(id)) throw invalidBody(`'${id}' can name no application.`, 'InvalidApplicationName');
  const known = catalog.get(id);
  const settings = readSettings(request, known);
  const application = known ?? (await catalog.create(id));
  return { status: 200, json: applicationView(record, await catalog.describe(application, settings)) };
};

export const patchApplication: ArmHandler = async (management, request) => {
  const { record, catalog } = catalogAt(management, request);
  const application = demandApplication(catalog, request);
  const described = await catalog.describe(application, readSettings(request, application));
  return { status: 200, json: applicationView(record, described) };
};

export const deleteApplication: ArmHandler = async (management, request) => {
  const { record, catalog } = catalogAt(management, request);
  const application = catalog.get(parameter(request, 'application'));
  if (application === undefined) return { status: 204 };
  // One that was begun and not activated counts: another application of the name would have it otherwise.
  const isBegun = management.packages.all().some((each) => isPackageOf(each, record, application));
  if (isBegun || application.versions.length > 0) {
    throw new ArmFault(
      409,
      'ApplicationPackagesNotEmpty',
      `The application ${application.id} has packages. Delete them first.`,
    );
  }
  await catalog.remove(application);
  return { status: 200 };
};

/** The application that the path names, and the account that it is in. */
export function applicationAt(management: Management, request: ArmRequest) {
  const { record, catalog } = catalogAt(management, request);
  return { record, catalog, application: demandApplication(catalog, request) };
}

function catalogAt(management: Management, request: ArmRequest) {
  const record = demandReady(demandAccount(management, request));
  const plane = management.accounts.planeOf(record);
  if (plane === undefined) throw new Error(`${record.name} has no data plane`);
  return { record, catalog: plane.engine.world.applications };
}

function demandApplication(catalog: ApplicationCatalog, request: ArmRequest): Application {
  const id = parameter(request, 'application');
  const application = catalog.get(id);
  if (application !== undefined) return application;
  throw new ArmFault(404, 'ApplicationNotFound', `The application '${id}' does not exist.`);
}

/** The version of this name, as it was first written. */
export function versionOf({ versions }: Application, name: string): string | undefined {
  return versions.find((each) => each.toLowerCase() === name.toLowerCase());
}

function readSettings({ body }: ArmRequest, application: Application | undefined): ApplicationSettings {
  const { displayName, defaultVersion, allowUpdates } = (body.properties ?? {}) as Record<string, unknown>;
  if (allowUpdates === false)
    throw notServed('applications whose packages cannot be replaced (allowUpdates)');
  for (const text of [displayName, defaultVersion]) {
    if (text !== undefined && typeof text !== 'string')
      throw invalidBody(`${JSON.stringify(text)} is no text.`);
  }
  const version = defaultVersion as string | undefined;
  if (version !== undefined && !(application && versionOf(application, version))) {
    // Also where it is there and waits to be activated, as the recorded tests of Azure's own clients have it.
    throw new ArmFault(
      409,
      'RequestedDefaultVersionNotActive',
      `There is no active version ${version} that could be the default one.`,
    );
  }
  return { displayName: displayName as string | undefined, defaultVersion: version };
}

function applicationView({ group, name }: AccountRecord, application: Application): object {
  const { id, displayName, defaultVersion } = application;
  return {
    id: `${accountId(group, name)}/applications/${id}`,
    name: id,
    type: 'Microsoft.Batch/batchAccounts/applications',
    properties: { displayName, allowUpdates: true, defaultVersion },
  };
}
