import { Readable } from 'node:stream';
import { fromTimestamp } from '../clock.ts';
import type { Engine } from '../engine/engine.ts';
import { uploadNodeLogs } from '../engine/node-logs.ts';
import { BatchFault, invalidProperty } from '../errors.ts';
import { actedOn, entityReply, type Reply, valueReply } from '../http/reply.ts';
import { type BatchRequest, pathParameter } from '../http/request.ts';
import { isHttp } from '../storage/transfer.ts';
import { usableNode } from './nodes.ts';
import { listReply, selection } from './query.ts';
import { bodyOf, findNode, findPool, type Handler } from './service.ts';
import { sshPort } from './views.ts';

/** Where a client can log in to a node of virtual machines. Nothing listens there: nodes are directories here. */
export const getRemoteLoginSettings: Handler = (engine, request) => {
  const record = usableNode(engine, request);
  if (findPool(engine.world, request).pool.virtualMachineConfiguration === undefined) {
    throw new BatchFault('OperationNotValidOnNode', {
      Reason: 'Remote login settings are there only in pools created with virtualMachineConfiguration',
    });
  }
  const settings = { remoteLoginIPAddress: '127.0.0.1', remoteLoginPort: sshPort(record) };
  return { ...valueReply(request, 'RemoteLoginSettings', settings), headers: actedOn(request) };
};

/** The file that a remote desktop client opens for a node of a cloud service. */
export const getRemoteDesktop: Handler = (engine, request): Reply => {
  const record = usableNode(engine, request);
  if (findPool(engine.world, request).pool.virtualMachineConfiguration !== undefined) {
    throw new BatchFault('OperationNotValidOnNode', {
      Reason: 'The file is there only in pools created with cloudServiceConfiguration',
    });
  }
  const text = `full address:s:127.0.0.1:${sshPort(record)}\r\nLoadBalanceInfo:s:Cookie: mstshash=TVM#${record.node.id}`;
  const content = Buffer.from(text, 'utf8');
  return {
    status: 200,
    headers: { 'Content-Type': 'application/octet-stream' },
    stream: { content: Readable.from([content]), length: content.length },
  };
};

interface LogsBody {
  readonly containerUrl: string;
  readonly startTime: string;
  readonly endTime?: string;
}

export const uploadServiceLogs: Handler = async ({ world }, request) => {
  const record = findNode(world, request);
  const { containerUrl, startTime, endTime } = bodyOf<LogsBody>(request);
  if (!URL.canParse(containerUrl) || !isHttp(new URL(containerUrl))) {
    throw invalidProperty('containerUrl', undefined, 'The value must be the URL of a container');
  }
  const from = fromTimestamp(startTime);
  const to = endTime === undefined ? world.clock.now() : fromTimestamp(endTime);
  if (to < from) throw invalidProperty('endTime', endTime, 'The value is before startTime');
  const uploaded = await uploadNodeLogs(world, record, containerUrl, { from, to });
  return valueReply(request, 'UploadBatchServiceLogsResult', uploaded);
};

interface Extension {
  readonly name: string;
  readonly protectedSettings?: unknown;
}

/** What an extension that is installed says of itself. The service gives the level as a number. */
const INSTALLED = {
  code: 'ProvisioningState/succeeded',
  level: 0,
  displayStatus: 'Provisioning succeeded',
  message: 'Plugin enabled',
} as const;

/** The extensions that the pool asks for, as if each node had installed them. */
function extensionsOf(engine: Engine, request: BatchRequest): object[] {
  const { pool } = findPool(engine.world, request);
  findNode(engine.world, request);
  const machine = pool.virtualMachineConfiguration as { extensions?: readonly Extension[] } | undefined;
  return (machine?.extensions ?? []).map(({ protectedSettings: _secret, ...extension }) => ({
    provisioningState: 'Succeeded',
    instanceView: { name: extension.name, statuses: [INSTALLED] },
    vmExtension: extension,
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
  const extension = extensionsOf(engine, request).find(
    (each) => nameOf(each).toLowerCase() === name.toLowerCase(),
  );
  if (extension === undefined) throw new BatchFault('ExtensionNotFound');
  return entityReply(request, 'extensions', selection(request)(extension));
};
