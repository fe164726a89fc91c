import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import {
  addReadyPool,
  type BatchClient,
  clientFor,
  readText,
  refusal,
  startFast,
  UBUNTU,
} from './support.ts';

describe('the account and access to nodes', () => {
  let emulator: Emulator;
  let client: BatchClient;
  let nodeId: string;

  beforeAll(async () => {
    emulator = await startFast();
    client = clientFor(emulator);
    await addReadyPool(client, 'p', 1, {
      virtualMachineConfiguration: {
        ...UBUNTU,
        extensions: [{ name: 'ext', publisher: 'Me', type: 'Thing', protectedSettings: { key: 'secret' } }],
      },
    });
    const [node] = await client.computeNode.list('p');
    nodeId = node?.id ?? '';
  });
  afterAll(() => emulator.close());

  it('keeps the users of a node by name', async () => {
    const added = await client.computeNode.addUser('p', nodeId, { name: 'me', password: 'x' });
    expect(added._response.status).toBe(201);
    expect(await refusal(client.computeNode.addUser('p', nodeId, { name: 'ME' }))).toMatchObject({
      code: 'NodeUserExists',
    });
    await client.computeNode.updateUser('p', nodeId, 'me', { password: 'y' });
    await client.computeNode.deleteUser('p', nodeId, 'me');
    expect(await refusal(client.computeNode.deleteUser('p', nodeId, 'me'))).toMatchObject({
      statusCode: 404,
      code: 'NodeUserNotFound',
    });
  });

  it('says where to log in', async () => {
    const settings = await client.computeNode.getRemoteLoginSettings('p', nodeId);
    expect(settings.remoteLoginIPAddress).toBe('127.0.0.1');
    expect(settings.remoteLoginPort).toBe(50_000);
    const desktop = await client.computeNode.getRemoteDesktop('p', nodeId);
    expect(await readText(desktop.readableStreamBody)).toMatch(/^full address:s:127\.0\.0\.1:50000\r\n/);
  });

  it('shows extensions without their secrets', async () => {
    const extensions = await client.computeNodeExtension.list('p', nodeId);
    expect(extensions).toHaveLength(1);
    expect(extensions[0]).toMatchObject({ provisioningState: 'Succeeded', vmExtension: { name: 'ext' } });
    expect(JSON.stringify(extensions)).not.toContain('secret');
    expect((await client.computeNodeExtension.get('p', nodeId, 'ext')).vmExtension?.type).toBe('Thing');
    expect(await refusal(client.computeNodeExtension.get('p', nodeId, 'none'))).toMatchObject({
      statusCode: 404,
    });
  });

  it('measures usage', async () => {
    const usages = await client.pool.listUsageMetrics();
    expect(usages[0]).toMatchObject({ poolId: 'p', vmSize: 'standard_d2_v2' });
    expect(usages[0]?.totalCoreHours).toBeGreaterThan(0);
    const pools = await client.pool.getAllLifetimeStatistics();
    expect(pools.usageStats?.dedicatedCoreTime).toMatch(/^PT/);
    const jobs = await client.job.getAllLifetimeStatistics();
    expect(jobs.numSucceededTasks).toBe(0);
  });

  it('has no applications', async () => {
    expect(await client.application.list()).toHaveLength(0);
    expect(await refusal(client.application.get('a'))).toMatchObject({
      statusCode: 404,
      code: 'ApplicationNotFound',
    });
  });
});
