import type { Operate, Operating } from './answer-parts.ts';
import { containerName } from './answer-parts.ts';
import { givenMetadata, metadataHeaders, UNLEASED, versionHeaders } from './blob-headers.ts';
import { checkConditions } from './conditions.ts';
import type { Container, PublicAccess } from './records.ts';
import { header, readText, type StorageRequest } from './request.ts';
import { badHeader, notDone, StorageFault } from './storage-fault.ts';

export const createContainer: Operate = ({ store, request }) => {
  const name = containerName(request);
  const publicAccess = givenAccess(request);
  const metadata = givenMetadata(request);
  if (store.container(name) !== undefined) throw new StorageFault('ContainerAlreadyExists');
  const container = { name, metadata, publicAccess, modified: request.now };
  store.addContainer(container);
  return { status: 201, headers: versionHeaders(container) };
};

export const deleteContainer: Operate = (operating) => {
  const container = found(operating);
  checkConditions(operating.request, container);
  operating.store.removeContainer(container);
  return { status: 202 };
};

export const getContainer: Operate = (operating) => {
  const container = found(operating);
  return {
    status: 200,
    headers: {
      ...versionHeaders(container),
      ...metadataHeaders(container.metadata),
      ...UNLEASED,
      ...accessHeader(container),
      'x-ms-has-immutability-policy': 'false',
      'x-ms-has-legal-hold': 'false',
    },
  };
};

export const getContainerMetadata: Operate = (operating) => {
  const container = found(operating);
  return {
    status: 200,
    headers: { ...versionHeaders(container), ...metadataHeaders(container.metadata) },
  };
};

export const setContainerMetadata: Operate = ({ store, request }) => {
  const metadata = givenMetadata(request);
  const container = store.demandContainer(containerName(request));
  checkConditions(request, container);
  const changed = { ...container, metadata, modified: request.now };
  store.putContainer(changed);
  return { status: 200, headers: versionHeaders(changed) };
};

export const getContainerAcl: Operate = (operating) => {
  const container = found(operating);
  return {
    status: 200,
    headers: { ...versionHeaders(container), ...accessHeader(container) },
    xml: ['SignedIdentifiers', []],
  };
};

export const setContainerAcl: Operate = async ({ store, request }) => {
  const publicAccess = givenAccess(request);
  const text = await readText(request.body);
  if (/<SignedIdentifier>/.test(text)) throw notDone('stored access policies');
  const container = store.demandContainer(containerName(request));
  checkConditions(request, container);
  const changed = { ...container, publicAccess, modified: request.now };
  store.putContainer(changed);
  return { status: 200, headers: versionHeaders(changed) };
};

function found({ store, request }: Operating): Container {
  return store.demandContainer(containerName(request));
}

function givenAccess(request: StorageRequest): PublicAccess {
  const text = header(request, 'x-ms-blob-public-access');
  if (text === undefined) return 'none';
  if (text === 'blob' || text === 'container') return text;
  throw badHeader('x-ms-blob-public-access', text);
}

function accessHeader({ publicAccess }: Container): Record<string, string> {
  return publicAccess === 'none' ? {} : { 'x-ms-blob-public-access': publicAccess };
}
