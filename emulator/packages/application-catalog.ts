import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { checkZip } from './unzip.ts';

/** An application with the versions of its package, as the service lists it. */
export interface Application {
  readonly id: string;
  readonly displayName: string;
  /** In order of their names. */
  readonly versions: readonly string[];
  /** What a reference without a version stands for; without one such a reference is refused. */
  readonly defaultVersion: string | undefined;
}

export interface PackageReference {
  readonly applicationId: string;
  readonly version?: string | undefined;
}

/** A package that a reference stands for, and the archive that it is kept in. */
export interface ResolvedPackage {
  readonly applicationId: string;
  readonly version: string;
  readonly archive: string;
}

/** What can be said of an application beside its packages. */
export interface ApplicationSettings {
  readonly displayName?: string | undefined;
  readonly defaultVersion?: string | undefined;
}

const SETTINGS_FILE = 'application.json';
const ARCHIVE = /^(.+)\.zip$/;
const VERSION = /^(?!\.)[A-Za-z0-9_.-]{1,64}$/;
const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether a text can name an application. */
export function isApplicationId(text: string): boolean {
  return ID.test(text);
}

/** Whether a text can name a version of an application's package. */
export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/**
 * The account's applications. They are kept as files, `ID/VERSION.zip` with `ID/application.json` beside them, so that
 * a package can be put there by hand before the emulator starts.
 */
export class ApplicationCatalog {
  readonly #directory: string;
  readonly #applications = new Map<string, Application>();

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Reads what applications there are below `directory`, which need not exist. */
  static async open(directory: string): Promise<ApplicationCatalog> {
    const catalog = new ApplicationCatalog(directory);
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isDirectory() || !isApplicationId(entry.name)) continue;
      catalog.#put(await readApplication(directory, entry.name));
    }
    return catalog;
  }

  /** All applications in order of id. */
  all(): Application[] {
    return [...this.#applications.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** The application with this id, however its letters are cased. */
  get(id: string): Application | undefined {
    return this.#applications.get(id.toLowerCase());
  }

  /** The package that a reference stands for; undefined when there is none. */
  resolve({ applicationId, version }: PackageReference): ResolvedPackage | undefined {
    const application = this.get(applicationId);
    const wanted = version === undefined || version === '' ? application?.defaultVersion : version;
    const found = application?.versions.find((each) => each.toLowerCase() === wanted?.toLowerCase());
    if (application === undefined || found === undefined) return undefined;
    const archive = join(this.#directory, application.id, `${found}.zip`);
    return { applicationId: application.id, version: found, archive };
  }

  /**
   * Takes an archive as the package of a version, in place of the one that it may have had. Resolves when it is on
   * the disk. @throws ZipError when it cannot be unpacked.
   */
  async putPackage(id: string, version: string, archive: Readable): Promise<Application> {
    const application = this.get(id) ?? { id, displayName: '', versions: [], defaultVersion: undefined };
    const directory = join(this.#directory, application.id);
    await mkdir(directory, { recursive: true });
    const known = application.versions.find((each) => each.toLowerCase() === version.toLowerCase());
    const arriving = join(directory, `.arriving-${randomUUID()}`);
    try {
      await pipeline(archive, createWriteStream(arriving));
      await checkZip(arriving);
      await sync(arriving);
      await rename(arriving, join(directory, `${known ?? version}.zip`));
      await sync(directory);
    } catch (error) {
      await rm(arriving, { force: true });
      if (application.versions.length === 0) await this.#removeIfEmpty(directory);
      throw error;
    }
    // Another upload may have ended meanwhile.
    const latest = this.get(id) ?? application;
    const versions = known === undefined ? [...latest.versions, version].sort() : latest.versions;
    return this.#put({ ...latest, versions });
  }

  /** Makes an application that has no packages yet. Resolves when it is on the disk. */
  async create(id: string): Promise<Application> {
    await mkdir(join(this.#directory, id), { recursive: true });
    return this.describe({ id, displayName: '', versions: [], defaultVersion: undefined }, {});
  }

  /** Removes the package of one version. Nodes keep what they have unpacked. */
  async removePackage(application: Application, version: string): Promise<Application> {
    await rm(join(this.#directory, application.id, `${version}.zip`), { force: true });
    const latest = this.get(application.id) ?? application;
    const rest = { ...latest, versions: latest.versions.filter((each) => each !== version) };
    return latest.defaultVersion === version
      ? this.describe({ ...rest, defaultVersion: undefined }, {})
      : this.#put(rest);
  }

  /** Replaces what is said of an application that exists. Resolves when it is on the disk. */
  async describe(application: Application, settings: ApplicationSettings): Promise<Application> {
    const described: Application = {
      ...application,
      displayName: settings.displayName ?? application.displayName,
      defaultVersion: settings.defaultVersion ?? application.defaultVersion,
    };
    const { displayName, defaultVersion } = described;
    const path = join(this.#directory, application.id, SETTINGS_FILE);
    const arriving = `${path}.arriving`;
    const file = await open(arriving, 'w');
    try {
      await file.writeFile(JSON.stringify({ displayName, defaultVersion }));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(arriving, path);
    await sync(join(this.#directory, application.id));
    return this.#put(described);
  }

  /** Removes an application with all its packages. Nodes keep what they have unpacked. */
  async remove(application: Application): Promise<void> {
    await rm(join(this.#directory, application.id), { recursive: true, force: true });
    this.#applications.delete(application.id.toLowerCase());
  }

  #put(application: Application): Application {
    this.#applications.set(application.id.toLowerCase(), application);
    return application;
  }

  async #removeIfEmpty(directory: string): Promise<void> {
    if ((await readdir(directory)).length === 0) await rm(directory, { recursive: true, force: true });
  }
}

async function readApplication(directory: string, id: string): Promise<Application> {
  const files = await readdir(join(directory, id));
  const versions = files
    .flatMap((name) => ARCHIVE.exec(name)?.[1] ?? [])
    .filter(isVersion)
    .sort();
  const { displayName, defaultVersion } = await readSettings(join(directory, id, SETTINGS_FILE));
  return { id, displayName: displayName ?? '', versions, defaultVersion };
}

async function readSettings(path: string): Promise<ApplicationSettings> {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  try {
    const value: unknown = JSON.parse(text);
    const { displayName, defaultVersion } = (value ?? {}) as Record<string, unknown>;
    return {
      displayName: typeof displayName === 'string' ? displayName : undefined,
      defaultVersion: typeof defaultVersion === 'string' ? defaultVersion : undefined,
    };
  } catch {
    throw new Error(`${path} is no JSON; correct it or remove it.`);
  }
}

/** Makes a file's content, or a directory's names, outlast a loss of power. */
async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
