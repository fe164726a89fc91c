import { StorageFault } from './storage-fault.ts';

/** @see https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata */
const CONTAINER_NAME = /^(?:\$root|\$web|\$logs|(?=.{3,63}$)[a-z0-9](?:-?[a-z0-9])*)$/;

/** @throws StorageFault for what the service takes as no name of a container. */
export function checkContainerName(name: string): void {
  if (CONTAINER_NAME.test(name)) return;
  const isLength = name.length < 3 || name.length > 63;
  throw new StorageFault(isLength ? 'OutOfRangeInput' : 'InvalidResourceName', { ContainerName: name });
}

const MOST_CHARACTERS = 1024;
/** What a key of the emulator's own records has room for; the service allows what 1,024 characters take. */
const MOST_BYTES = 1800;

/** @throws StorageFault for what is no name of a blob, or too long a one for the emulator. */
export function checkBlobName(name: string): void {
  if (name.length > MOST_CHARACTERS || Buffer.byteLength(name) > MOST_BYTES) {
    throw new StorageFault('OutOfRangeInput', {
      Reason: `The azb emulator takes blob names of up to ${MOST_CHARACTERS} characters and ${MOST_BYTES} bytes`,
    });
  }
  const isText = Buffer.from(name).toString() === name && !name.includes('\0');
  if (name === '' || !isText) throw new StorageFault('InvalidResourceName');
}

/** Whether a name may begin with this. What is longer is no key to look for either. */
export function canBeginName(prefix: string): boolean {
  return Buffer.byteLength(prefix) <= MOST_BYTES;
}
