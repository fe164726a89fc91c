import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { raw } from './raw.ts';
import { addReadyPool, type BatchClient, clientFor, refusal, startFast, UBUNTU, until } from './support.ts';
import { TravellingClock } from './travelling-clock.ts';

describe('pools and nodes', () => {
  const clock = new TravellingClock();
  let emulator: Emulator;
  let client: BatchClient;

  beforeAll(async () => {
    emulator = await startFast({ clock, quotas: { dedicatedCores: 20, nodes: 30 } });
    client = clientFor(emulator);
  });
  afterAll(() => emulator.close());

  const steady = (id: string) =>
    until(
      () => client.pool.get(id),
      (pool) => pool.allocationState === 'steady',
    );

  it('shows a pool in the form of the service', async () => {
    const { json: added } = await raw(emulator, 'POST', '/pools', {
      body: JSON.stringify({
        id: 'shaped',
        vmSize: 'Standard_D1_v2',
        virtualMachineConfiguration: UBUNTU,
        startTask: { commandLine: 'true' },
        userAccounts: [{ name: 'me', password: 'secret' }],
        metadata: [{ name: 'a', value: 'b' }],
      }),
    });
    expect(added).toEqual({});
    await steady('shaped');
    const { json, text } = await raw(emulator, 'GET', '/pools/shaped');
    expect(json).toMatchObject({
      id: 'shaped',
      url: `${emulator.endpoint}/pools/shaped`,
      state: 'active',
      allocationState: 'steady',
      vmSize: 'standard_d1_v2',
      resizeTimeout: 'PT15M',
      currentDedicatedNodes: 0,
      targetDedicatedNodes: 0,
      currentLowPriorityNodes: 0,
      targetLowPriorityNodes: 0,
      enableAutoScale: false,
      enableInterNodeCommunication: false,
      taskSlotsPerNode: 1,
      taskSchedulingPolicy: { nodeFillType: 'Spread' },
      startTask: {
        commandLine: 'true',
        userIdentity: { autoUser: { scope: 'pool', elevationLevel: 'nonadmin' } },
        maxTaskRetryCount: 0,
        waitForSuccess: true,
      },
      virtualMachineConfiguration: {
        imageReference: {
          publisher: 'canonical',
          offer: 'ubuntuserver',
          sku: '18.04-lts',
          version: 'latest',
        },
      },
      userAccounts: [{ name: 'me' }],
    });
    expect(text).not.toContain('secret');
    expect(text).not.toContain('null');
  });

  it('refuses an image and node agent that do not belong together, as the service words it', async () => {
    const call = client.pool.add({
      id: 'wrong',
      vmSize: 'standard_d1_v2',
      virtualMachineConfiguration: {
        imageReference: { publisher: 'a', offer: 'b', sku: 'c' },
        nodeAgentSKUId: 'batch.node.ubuntu 18.04',
      },
    });
    expect(await refusal(call)).toEqual({
      statusCode: 400,
      code: 'InvalidPropertyValue',
      values: {
        PropertyName: 'imageReference',
        Reason: 'The specified imageReference with publisher a offer b sku c is not supported.',
      },
    });
  });

  it('lists the images that it takes', async () => {
    const images = await client.account.listSupportedImages();
    expect(images).toContainEqual(
      expect.objectContaining({
        nodeAgentSKUId: 'batch.node.ubuntu 20.04',
        osType: 'linux',
        verificationType: 'verified',
      }),
    );
    const windows = await client.account.listSupportedImages({
      accountListSupportedImagesOptions: { filter: "osType eq 'windows'" },
    });
    expect(windows.length).toBeGreaterThan(0);
    expect(windows.every((image) => image.osType === 'windows')).toBe(true);
  });

  it('grows and shrinks, and refuses a second resize meanwhile', async () => {
    await addReadyPool(client, 'resized', 2);
    const before = await client.pool.get('resized');
    await clock.hold(async () => {
      const resized = await client.pool.resize('resized', { targetDedicatedNodes: 4 });
      expect(resized._response.status).toBe(202);
      expect(resized.eTag).not.toBe(before.eTag);
      expect(await refusal(client.pool.resize('resized', { targetDedicatedNodes: 1 }))).toMatchObject({
        statusCode: 409,
        code: 'PoolBeingResized',
      });
    });
    await steady('resized');
    expect(await client.computeNode.list('resized')).toHaveLength(4);
    await client.pool.resize('resized', { targetDedicatedNodes: 1 });
    const shrunk = await steady('resized');
    expect(shrunk.currentDedicatedNodes).toBe(1);
    expect(await client.computeNode.list('resized')).toHaveLength(1);
  });

  it('stops a resize where it is and says so', async () => {
    await clock.hold(async () => {
      await client.pool.add({
        id: 'stopped',
        vmSize: 'standard_d1_v2',
        virtualMachineConfiguration: UBUNTU,
        targetDedicatedNodes: 3,
      });
      const { eTag } = await client.pool.get('stopped');
      const stopped = await client.pool.stopResize('stopped');
      expect(stopped.eTag).toBe(eTag);
    });
    const pool = await steady('stopped');
    expect(pool.resizeErrors).toMatchObject([{ code: 'ResizeStopped' }]);
    expect(await refusal(client.pool.stopResize('stopped'))).toMatchObject({ statusCode: 409 });
    await client.pool.deleteMethod('stopped');
  });

  it('gives no more cores than the account has', async () => {
    await client.pool.add({
      id: 'greedy',
      vmSize: 'standard_d3_v2',
      virtualMachineConfiguration: UBUNTU,
      targetDedicatedNodes: 8,
    });
    const pool = await steady('greedy');
    expect(pool.resizeErrors).toMatchObject([{ code: 'AccountCoreQuotaReached' }]);
    expect(pool.currentDedicatedNodes).toBeLessThan(5);
    await client.pool.deleteMethod('greedy');
    await until(
      () => client.pool.exists('greedy'),
      (answer) => !answer.body,
    );
  });

  it('patches members whole and keeps the others', async () => {
    await client.pool.add({
      id: 'patched',
      vmSize: 'standard_d1_v2',
      virtualMachineConfiguration: UBUNTU,
      metadata: [{ name: 'a', value: '1' }],
      startTask: { commandLine: 'true' },
    });
    await client.pool.patch('patched', { metadata: [{ name: 'b', value: '2' }] });
    const pool = await client.pool.get('patched');
    expect(pool.metadata).toEqual([{ name: 'b', value: '2' }]);
    expect(pool.startTask?.commandLine).toBe('true');
    await client.pool.updateProperties('patched', {
      certificateReferences: [],
      applicationPackageReferences: [],
      metadata: [],
    });
    expect((await client.pool.get('patched')).startTask).toBeUndefined();
  });

  it('deletes a pool with its nodes, and takes no change meanwhile', async () => {
    await addReadyPool(client, 'doomed', 1);
    await clock.hold(async () => {
      await client.pool.deleteMethod('doomed');
      expect((await client.pool.get('doomed')).state).toBe('deleting');
      expect(await refusal(client.pool.deleteMethod('doomed'))).toMatchObject({ code: 'PoolBeingDeleted' });
    });
    await until(
      () => client.pool.exists('doomed'),
      (answer) => !answer.body,
    );
  });

  it('removes the nodes named', async () => {
    await addReadyPool(client, 'trimmed', 2);
    const [first, second] = await client.computeNode.list('trimmed');
    // Named twice, it still goes once.
    const nodeList = [first?.id ?? '', first?.id?.toUpperCase() ?? ''];
    await client.pool.removeNodes('trimmed', { nodeList });
    await steady('trimmed');
    expect((await client.computeNode.list('trimmed')).map((node) => node.id)).toEqual([second?.id]);
    expect((await client.pool.get('trimmed')).targetDedicatedNodes).toBe(1);
  });

  it('runs the start task before a node takes work, and shows its failure', async () => {
    await addReadyPool(client, 'prepared', 1, {
      startTask: {
        commandLine: "/bin/sh -c 'echo ready > $AZ_BATCH_NODE_SHARED_DIR/mark'",
        waitForSuccess: true,
      },
    });
    const [node] = await client.computeNode.list('prepared');
    expect(node?.startTaskInfo).toMatchObject({ state: 'completed', exitCode: 0, result: 'success' });
    const files = await client.file.listFromComputeNode('prepared', node?.id ?? '', {
      fileListFromComputeNodeOptions: {},
      recursive: true,
    });
    expect(files.map((file) => file.name)).toContain('shared/mark');

    await client.pool.add({
      id: 'broken',
      vmSize: 'standard_d1_v2',
      virtualMachineConfiguration: UBUNTU,
      targetDedicatedNodes: 1,
      startTask: { commandLine: "/bin/sh -c 'exit 3'", maxTaskRetryCount: 1, waitForSuccess: true },
    });
    const [failed] = await until(
      () => client.computeNode.list('broken'),
      ([each]) => each?.state === 'starttaskfailed',
    );
    expect(failed?.startTaskInfo).toMatchObject({ exitCode: 3, result: 'failure', retryCount: 1 });
  });

  it('closes a node for tasks and opens it again', async () => {
    await addReadyPool(client, 'closed', 1);
    const [node] = await client.computeNode.list('closed');
    const id = node?.id ?? '';
    await client.computeNode.disableScheduling('closed', id);
    expect((await client.computeNode.get('closed', id)).state).toBe('offline');
    expect(await refusal(client.computeNode.disableScheduling('closed', id))).toMatchObject({
      code: 'NodeAlreadyInTargetSchedulingState',
    });
    await client.computeNode.enableScheduling('closed', id);
    expect((await client.computeNode.get('closed', id)).state).toBe('idle');
  });

  it('reboots a node', async () => {
    const [node] = await client.computeNode.list('closed');
    await clock.hold(async () => {
      await client.computeNode.reboot('closed', node?.id ?? '');
      expect((await client.computeNode.get('closed', node?.id ?? '')).state).toBe('rebooting');
    });
    const again = await until(
      () => client.computeNode.get('closed', node?.id ?? ''),
      (each) => each.state === 'idle',
    );
    expect(again.lastBootTime?.getTime()).toBeGreaterThan(node?.lastBootTime?.getTime() ?? Number.NaN);
  });

  it('counts nodes by state', async () => {
    const counts = await client.account.listPoolNodeCounts({
      accountListPoolNodeCountsOptions: { filter: "poolId eq 'closed'" },
    });
    expect(counts).toHaveLength(1);
    expect(counts[0]).toMatchObject({
      poolId: 'closed',
      dedicated: { idle: 1, total: 1 },
      lowPriority: { total: 0 },
    });
  });

  it('says in words what it does not do', async () => {
    const startTask = { commandLine: 'true', containerSettings: { imageName: 'ubuntu' } };
    const answer = await refusal(client.pool.patch('closed', { startTask }));
    expect(answer).toMatchObject({ statusCode: 501, code: 'NotImplemented' });
    expect(answer.values.Reason).toContain('start tasks in containers');
  });
});
