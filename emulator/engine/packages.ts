import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FailureInformation } from '../model/failures.ts';
import type { InstalledPackage } from '../model/pool-parts.ts';
import type { PackageReference, ResolvedPackage } from '../packages/application-catalog.ts';
import { unzip } from '../packages/unzip.ts';
import { ZipError } from '../packages/zip-directory.ts';
import type { ApplicationPackageFacts } from '../runner/index.ts';
import type { World } from './world.ts';

/** Why a package is not on a node, as tasks and nodes show it. */
export class PackageFault extends Error {
  override readonly name = 'PackageFault';
  readonly failure: FailureInformation;

  constructor({ applicationId, version }: PackageReference, reason: string) {
    super(reason);
    this.failure = {
      category: 'UserError',
      code: 'ApplicationPackageError',
      message: 'One or more of the specified application packages could not be installed',
      details: [
        { name: 'ApplicationId', value: applicationId },
        ...(version === undefined ? [] : [{ name: 'Version', value: version }]),
        { name: 'Message', value: reason },
      ],
    };
  }
}

/** Unpacks on a node what the references stand for, unless it is there already. @throws PackageFault */
export async function installPackages(
  world: World,
  nodeId: string,
  references: readonly PackageReference[],
): Promise<InstalledPackage[]> {
  const installed: InstalledPackage[] = [];
  for (const reference of references) {
    const found = world.applications.resolve(reference);
    if (found === undefined) {
      throw new PackageFault(reference, 'The specified application package does not exist.');
    }
    await install(world, nodeId, found);
    const { applicationId, version } = reference;
    installed.push({ applicationId, version, installed: found.version });
  }
  return installed;
}

async function install(world: World, nodeId: string, found: ResolvedPackage): Promise<void> {
  const directory = world.directoriesOf(nodeId).applicationPackage(found.applicationId, found.version);
  if (await exists(directory)) return;
  // What stands under its final name is complete, whatever happens while it is unpacked.
  const arriving = `${directory}.${randomUUID()}`;
  try {
    await mkdir(dirname(directory), { recursive: true });
    await unzip(found.archive, arriving);
    await rename(arriving, directory);
  } catch (error) {
    await rm(arriving, { recursive: true, force: true });
    // Another task of the node may have been quicker.
    if (await exists(directory)) return;
    if (error instanceof ZipError || (error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new PackageFault(found, (error as Error).message);
    }
    throw error;
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Where installed packages are, as tasks are told. */
export function packageFacts(
  world: World,
  nodeId: string,
  packages: readonly InstalledPackage[],
): ApplicationPackageFacts[] {
  const directories = world.directoriesOf(nodeId);
  return packages.map(({ applicationId, version, installed }) => ({
    applicationId,
    version,
    path: directories.applicationPackage(applicationId, installed),
  }));
}
