import { Readable } from 'node:stream';
import type { Engine } from '../engine/engine.ts';
import { BatchFault } from '../errors.ts';
import { doneReply, entityReply, type Reply } from '../http/reply.ts';
import { type BatchRequest, pathParameter } from '../http/request.ts';
import type { NodeRecord } from '../model/entities.ts';
import { demandUsable } from './nodes.ts';
import { listReply, selection } from './query.ts';
import { bodyOf, findNode, findPool, type Handler } from './service.ts';
import { nodeUrl, sshPort } from './views.ts';

/** A node's extra users are names on record: no account is made on this machine, and nobody can log in. */
export const addUser: Handler = (engine, request) => {
  const record = usableNode(engine, request);
  const { name } = bodyOf<{ name: string }>(request);
  const users = record.users ?? [];
  if (users.some((each) => sameName(each, name))) throw new BatchFault('NodeUserExists');
  engine.world.nodes.put({ ...record, users: [...users, name] });
  const location = `${nodeUrl(request, record.poolId, record.node.id)}/users/${name}`;
  return { status: request.route.success, headers: { Location: location, DataServiceId: location } };
};

export const updateUser: Handler = (engine, request) => {
  const record = usableNode(engine, request);
  demandUser(record, request);
  return doneReply(request);
};

export const deleteUser: Handler = (engine, request) => {
  const record = usableNode(engine, request);
  demandUser(record, request);
  const name = pathParameter(request, 'userName');
  const users = (record.users ?? []).filter((each) => !sameName(each, name));
  engine.world.nodes.put({ ...record, users });
  return { status: request.route.success };
};

function usableNode(engine: Engine, request: BatchRequest): NodeRecord {
  const record = findNode(engine.world, request);
  demandUsable(record.node.state);
  return record;
}

function demandUser(record: NodeRecord, request: BatchRequest): void {
  const name = pathParameter(request, 'userName');
  if (!record.users?.some((each) => sameName(each, name))) throw new BatchFault('NodeUserNotFound');
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

export const getRemoteLoginSettings: Handler = (engine, request) => {
  const record = usableNode(engine, request);
  return entityReply(request, 'Microsoft.Azure.Batch.Protocol.Entities.RemoteLoginSettings', {
    remoteLoginIPAddress: '127.0.0.1',
    remoteLoginPort: sshPort(record),
  });
};

/** The file that a remote desktop client opens. */
export const getRemoteDesktop: Handler = (engine, request): Reply => {
  const record = usableNode(engine, request);
  const text = `full address:s:127.0.0.1:${sshPort(record)}\r\nLoadBalanceInfo:s:Cookie: mstshash=TVM#${record.node.id}`;
  const content = Buffer.from(text, 'utf8');
  return {
    status: 200,
    headers: { 'Content-Type': 'application/octet-stream' },
    stream: { content: Readable.from([content]), length: content.length },
  };
};

interface Extension {
  readonly name: string;
  readonly protectedSettings?: unknown;
}

/** The extensions that the pool asks for, as if each node had installed them. */
function extensionsOf(engine: Engine, request: BatchRequest): object[] {
  const { pool } = findPool(engine.world, request);
  findNode(engine.world, request);
  const machine = pool.virtualMachineConfiguration as { extensions?: readonly Extension[] } | undefined;
  return (machine?.extensions ?? []).map(({ protectedSettings: _secret, ...extension }) => ({
    provisioningState: 'Succeeded',
    vmExtension: extension,
    instanceView: {
      name: extension.name,
      statuses: [
        { code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded' },
      ],
    },
  }));
}

const nameOf = (extension: object) => (extension as { vmExtension: Extension }).vmExtension.name;

export const listExtensions: Handler = (engine, request) =>
  listReply(request, {
    metadata: 'extensions',
    items: extensionsOf(engine, request).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    keyOf: nameOf,
    view: (extension) => extension,
  });

export const getExtension: Handler = (engine, request) => {
  const name = pathParameter(request, 'extensionName');
  const extension = extensionsOf(engine, request).find((each) => sameName(nameOf(each), name));
  if (extension === undefined) throw new BatchFault('ExtensionNotFound');
  return entityReply(request, 'extensions', selection(request)(extension));
};
