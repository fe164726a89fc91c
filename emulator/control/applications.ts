import { Readable } from 'node:stream';
import { BatchFault } from '../errors.ts';
import {
  type Application,
  type ApplicationCatalog,
  type ApplicationSettings,
  isApplicationId,
  isVersion,
} from '../packages/application-catalog.ts';
import { ZipError } from '../packages/zip-directory.ts';
import type { ControlHandler, ControlRequest } from './types.ts';

/** Largest archive taken, in bytes. */
const MOST_ARCHIVE_BYTES = 2 * 2 ** 30;
/** Largest description of an application taken, in bytes. */
const MOST_TEXT_BYTES = 65_536;

/** Takes the request's body as the package of a version; `?default=true` makes it the default one. */
export const putPackage: ControlHandler = async ({ world }, request) => {
  const [id = '', version = ''] = request.parameters;
  if (!isApplicationId(id) || !isVersion(version)) {
    throw new BatchFault('InvalidInput', {
      Reason: 'Ids are 1 to 64 letters, digits, hyphens and underscores; versions may have periods too',
    });
  }
  let application = await keep(world.applications, id, version, request);
  if (request.query.get('default') === 'true') {
    application = await world.applications.describe(application, { defaultVersion: version });
  }
  return { status: 200, json: application };
};

async function keep(
  catalog: ApplicationCatalog,
  id: string,
  version: string,
  request: ControlRequest,
): Promise<Application> {
  try {
    return await catalog.putPackage(id, version, Readable.from(limited(request.body, MOST_ARCHIVE_BYTES)));
  } catch (error) {
    if (error instanceof ZipError) throw new BatchFault('InvalidInput', { Reason: error.message });
    throw error;
  }
}

/** Changes the name that is shown and the version that references without one stand for. */
export const describeApplication: ControlHandler = async ({ world }, request) => {
  const application = find(world.applications, request);
  const settings = await readSettings(request);
  const { defaultVersion } = settings;
  if (defaultVersion !== undefined && !application.versions.includes(defaultVersion)) {
    throw new BatchFault('InvalidInput', { Reason: `There is no version ${defaultVersion}` });
  }
  return { status: 200, json: await world.applications.describe(application, settings) };
};

export const removeApplication: ControlHandler = async ({ world }, request) => {
  await world.applications.remove(find(world.applications, request));
  return { status: 204 };
};

function find(catalog: ApplicationCatalog, request: ControlRequest): Application {
  const application = catalog.get(request.parameters[0] ?? '');
  if (application === undefined) throw new BatchFault('ApplicationNotFound');
  return application;
}

async function readSettings(request: ControlRequest): Promise<ApplicationSettings> {
  const chunks: Buffer[] = [];
  for await (const chunk of limited(request.body, MOST_TEXT_BYTES)) chunks.push(chunk);
  let value: unknown;
  try {
    // As a whole: a character may be in two chunks.
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw new BatchFault('InvalidRequestBody', { Reason: (error as Error).message });
  }
  const { displayName, defaultVersion, ...others } = (value ?? {}) as Record<string, unknown>;
  const isText = (member: unknown) => member === undefined || typeof member === 'string';
  if (!isText(displayName) || !isText(defaultVersion) || Object.keys(others).length > 0) {
    throw new BatchFault('InvalidRequestBody', {
      Reason: 'An application is described by displayName and defaultVersion, both texts',
    });
  }
  return { displayName, defaultVersion } as ApplicationSettings;
}

/** Passes bytes on, up to a number. */
async function* limited(body: Readable, most: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw new BatchFault('RequestBodyTooLarge', { MaxLimit: String(most) });
    yield chunk;
  }
}
