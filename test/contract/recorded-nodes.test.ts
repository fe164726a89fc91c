import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { raw } from './raw.ts';
import {
  addReadyPool,
  type BatchClient,
  clientFor,
  completedTask,
  readText,
  startFast,
  UBUNTU,
  until,
} from './support.ts';

type Json = Record<string, unknown>;

const WINDOWS = {
  imageReference: {
    publisher: 'MicrosoftWindowsServer',
    offer: 'WindowsServer',
    sku: '2016-Datacenter-smalldisk',
  },
  nodeAgentSKUId: 'batch.node.windows amd64',
};

/** What the recordings of the service's own SDK tests show of nodes and of what runs on them. */
describe('recordings of the service show that', () => {
  let emulator: Emulator;
  let client: BatchClient;

  const get = async (path: string): Promise<Json> => (await raw(emulator, 'GET', path)).json;

  beforeAll(async () => {
    emulator = await startFast();
    client = clientFor(emulator);
  });
  afterAll(() => emulator.close());

  it('what start, preparation and release tasks did has its members in this order', async () => {
    await addReadyPool(client, 'started', 1, { startTask: { commandLine: 'true', waitForSuccess: true } });
    const [node] = (await get('/pools/started/nodes')).value as { startTaskInfo: object }[];
    const members = ({ startTaskInfo }: { startTaskInfo: object }) => Object.keys(startTaskInfo).join(' ');
    expect(node && members(node)).toBe('state startTime endTime exitCode retryCount result');
    const whole = {
      id: 'whole',
      poolInfo: { poolId: 'started' },
      jobPreparationTask: { commandLine: 'true' },
      jobReleaseTask: { commandLine: 'true' },
    };
    await client.job.add(whole);
    await client.task.add('whole', { id: 't', commandLine: 'true' });
    await completedTask(client, 'whole', 't');
    await client.job.terminate('whole');
    const status = async () =>
      ((await get('/jobs/whole/jobpreparationandreleasetaskstatus')).value as Record<string, object>[])[0];
    const done = await until(status, (now) => 'endTime' in (now?.jobReleaseTaskExecutionInfo ?? {}));
    const place = 'startTime endTime state taskRootDirectory taskRootDirectoryUrl exitCode';
    expect(Object.keys(done?.jobPreparationTaskExecutionInfo ?? {}).join(' ')).toBe(
      `${place} retryCount result`,
    );
    expect(Object.keys(done?.jobReleaseTaskExecutionInfo ?? {}).join(' ')).toBe(`${place} result`);
  });

  it('nodes with Windows write the directories of tasks in their own way, and the service in addresses', async () => {
    await addReadyPool(client, 'backslashes', 1, { virtualMachineConfiguration: WINDOWS });
    const prepared = { id: 'backslashes', jobPreparationTask: { commandLine: 'true' } };
    await client.job.add({ ...prepared, poolInfo: { poolId: 'backslashes' } });
    await client.task.add('backslashes', { id: 't', commandLine: 'cmd /c echo hello' });
    const { nodeInfo } = await completedTask(client, 'backslashes', 't');
    const place = 'workitems/backslashes/job-1/t';
    expect(nodeInfo?.taskRootDirectory).toBe(place.replaceAll('/', '\\'));
    expect(nodeInfo?.taskRootDirectoryUrl).toBe(`${nodeInfo?.nodeUrl}/files/${place}`);
    const [status] = await client.job.listPreparationAndReleaseTaskStatus('backslashes');
    const told = status?.jobPreparationTaskExecutionInfo;
    expect(told?.taskRootDirectory).toBe('workitems\\backslashes\\job-1\\jobpreparation');
    expect(told?.taskRootDirectoryUrl).toMatch(/\/files\/workitems\/backslashes\/job-1\/jobpreparation$/);
    const path = `${nodeInfo?.taskRootDirectory}\\stdout.txt`;
    const file = await client.file.getFromComputeNode('backslashes', nodeInfo?.nodeId ?? '', path);
    expect(await readText(file.readableStreamBody)).toContain('hello');
  });

  it('nodes of cloud services are reached in a way of their own, and have no image', async () => {
    await addReadyPool(client, 'roles', 1, {
      virtualMachineConfiguration: undefined,
      cloudServiceConfiguration: { osFamily: '5' },
    });
    const nodes = (await get('/pools/roles/nodes')).value as Json[];
    expect(nodes[0]).toMatchObject({
      endpointConfiguration: {
        inboundEndpoints: [
          {
            name: 'Microsoft.WindowsAzure.Plugins.RemoteForwarder.RdpInput',
            protocol: 'tcp',
            frontendPort: 3389,
            backendPort: 20_000,
          },
        ],
      },
      virtualMachineInfo: {},
    });
  });

  it('extensions tell in a few words that they are installed', async () => {
    const extension = { name: 'ext', publisher: 'Me', type: 'Thing', typeHandlerVersion: '1.0' };
    const machine = { ...UBUNTU, extensions: [extension] };
    await addReadyPool(client, 'extended', 1, { virtualMachineConfiguration: machine });
    const [{ id } = { id: '' }] = await client.computeNode.list('extended');
    const { 'odata.metadata': metadata, ...shown } = await get(`/pools/extended/nodes/${id}/extensions/ext`);
    expect(metadata).toBe(`${emulator.endpoint}/$metadata#extensions/@Element`);
    expect(shown).toEqual({
      provisioningState: 'Succeeded',
      instanceView: {
        name: 'ext',
        statuses: [
          {
            code: 'ProvisioningState/succeeded',
            level: 0,
            displayStatus: 'Provisioning succeeded',
            message: 'Plugin enabled',
          },
        ],
      },
      vmExtension: extension,
    });
  });

  it('a node tells of its certificates once it has booted', async () => {
    const slow = await startFast({ speed: 2 });
    const other = clientFor(slow);
    await other.pool.add({
      id: 'p',
      vmSize: 'standard_d1',
      virtualMachineConfiguration: UBUNTU,
      targetDedicatedNodes: 1,
    });
    const nodes = async () => (await raw(slow, 'GET', '/pools/p/nodes')).json.value as Json[];
    const [created] = await until(nodes, (list) => list.length > 0);
    expect(created).toMatchObject({ state: 'creating' });
    expect(created).not.toHaveProperty('certificateReferences');
    const [booted] = await until(nodes, (list) => list[0]?.state === 'idle');
    expect(booted).toHaveProperty('certificateReferences', []);
    await slow.close();
  });
});
