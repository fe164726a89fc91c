import { stat } from 'node:fs/promises';
import type { UploadFile } from '../../api/port.ts';
import { AzbError } from '../../lib/errors.ts';
import { APPLICATION_ID, VERSION_NAME } from '../../resources/application.ts';
import type { Entity } from '../../resources/types.ts';
import { unreadable } from './failures.ts';

/** A version of an application as a document describes it. */
export interface PackageDocument {
  readonly application: string;
  readonly version: string;
  /** A zip archive of this machine. */
  readonly file: string;
  readonly isDefault: boolean;
}

/** Reads what stands beside `kind: applicationPackage`. @throws AzbError with `place` for what is wrong */
export function readPackage(body: Readonly<Record<string, unknown>>, place: string): PackageDocument {
  const { application, version, file, default: isDefault = false, ...others } = body;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new AzbError(`${place}: an applicationPackage has no ${unknown}`);
  if (typeof application !== 'string' || !APPLICATION_ID.test(application))
    throw new AzbError(`${place}: an applicationPackage needs application: the id of its application`);
  // YAML takes 1.0 for a number, of which nothing but 1 would be left.
  if (typeof version !== 'string' || !VERSION_NAME.test(version))
    throw new AzbError(`${place}: an applicationPackage needs version: a text, such as '1.0' in quotes`);
  if (typeof file !== 'string' || !/\.zip$/i.test(file))
    throw new AzbError(`${place}: an applicationPackage needs file: a zip archive of this machine`);
  if (typeof isDefault !== 'boolean') throw new AzbError(`${place}: default is true or false`);
  return { application, version, file, isDefault };
}

/** What the port publishes: the document, with the archive as it is now. @throws AzbError when there is none. */
export async function packageBody({ file, ...wanted }: PackageDocument): Promise<Entity> {
  const found = await stat(file).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  if (!found.isFile()) throw new AzbError(`${file} is no file`);
  const archive: UploadFile = { path: file, size: found.size, contentType: 'application/zip' };
  return { ...wanted, archive };
}
