import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { startBlobServer } from '../support/blob-server.ts';
import { raw } from './raw.ts';
import {
  addReadyPool,
  type BatchClient,
  clientFor,
  readText,
  refusal,
  startFast,
  UBUNTU,
  until,
} from './support.ts';
import { TravellingClock } from './travelling-clock.ts';

const MINUTE = 60_000;

describe('the account and access to nodes', () => {
  const clock = new TravellingClock();
  let emulator: Emulator;
  let client: BatchClient;
  let nodeId: string;

  beforeAll(async () => {
    emulator = await startFast({ clock });
    client = clientFor(emulator);
    await addReadyPool(client, 'p', 1, {
      startTask: { commandLine: 'echo started' },
      networkConfiguration: {
        endpointConfiguration: {
          inboundNATPools: [
            {
              name: 'web',
              protocol: 'tcp',
              backendPort: 80,
              frontendPortRangeStart: 6000,
              frontendPortRangeEnd: 6099,
            },
          ],
        },
      },
      virtualMachineConfiguration: {
        ...UBUNTU,
        extensions: [{ name: 'ext', publisher: 'Me', type: 'Thing', protectedSettings: { key: 'secret' } }],
      },
    });
    const [node] = await client.computeNode.list('p');
    nodeId = node?.id ?? '';
  });
  afterAll(() => emulator.close());

  it('keeps the users of a node by name, those that have expired too', async () => {
    const user = { name: 'me', password: 'x' };
    const added = await client.computeNode.addUser('p', nodeId, user);
    expect(added._response.status).toBe(201);
    expect(await refusal(client.computeNode.addUser('p', nodeId, { name: 'ME' }))).toMatchObject({
      code: 'NodeUserExists',
    });
    const expiryTime = new Date(Date.now() + 5 * MINUTE);
    await client.computeNode.updateUser('p', nodeId, 'me', { expiryTime });
    expect(await refusal(client.computeNode.addUser('p', nodeId, user))).toMatchObject({ statusCode: 409 });
    clock.travel(6 * MINUTE);
    expect(await refusal(client.computeNode.addUser('p', nodeId, user))).toMatchObject({ statusCode: 409 });
    await client.computeNode.deleteUser('p', nodeId, 'me');
    expect(await refusal(client.computeNode.updateUser('p', nodeId, 'me', {}))).toMatchObject({
      statusCode: 404,
    });
    const past = { name: 'late', expiryTime: new Date(0) };
    expect((await client.computeNode.addUser('p', nodeId, past))._response.status).toBe(201);
    await client.computeNode.updateUser('p', nodeId, 'late', {});
  });

  it('says where to log in, in the way of the pool', async () => {
    const settings = await client.computeNode.getRemoteLoginSettings('p', nodeId);
    expect(settings.remoteLoginIPAddress).toBe('127.0.0.1');
    expect(settings.remoteLoginPort).toBe(50_000);
    // The SDK does not read the errors of operations that answer with a stream.
    const { status, json } = await raw(emulator, 'GET', `/pools/p/nodes/${nodeId}/rdp`);
    expect([status, json.code]).toEqual([409, 'OperationNotValidOnNode']);
    const node = await client.computeNode.get('p', nodeId);
    expect(node.endpointConfiguration?.inboundEndpoints).toEqual([
      {
        name: 'web.0',
        protocol: 'tcp',
        publicIPAddress: '127.0.0.1',
        publicFQDN: 'localhost',
        frontendPort: 6000,
        backendPort: 80,
      },
      expect.objectContaining({ name: 'SSHRule.0', frontendPort: 50_000, backendPort: 22 }),
    ]);
    await client.pool.add({
      id: 'c',
      vmSize: 'small',
      cloudServiceConfiguration: { osFamily: '5' },
      targetDedicatedNodes: 1,
    });
    const [windows] = await until(
      () => client.computeNode.list('c'),
      ([each]) => each?.state === 'idle',
    );
    const id = windows?.id ?? '';
    const desktop = await client.computeNode.getRemoteDesktop('c', id);
    expect(await readText(desktop.readableStreamBody)).toMatch(/^full address:s:127\.0\.0\.1:50000\r\n/);
    expect(await refusal(client.computeNode.getRemoteLoginSettings('c', id))).toMatchObject({
      statusCode: 409,
    });
  });

  it('uploads what it knows of a node', async () => {
    const storage = await startBlobServer();
    try {
      const blobs = new Map<string, Buffer>();
      storage.containers.set('logs', blobs);
      const startTime = new Date(Date.now() - 60 * MINUTE);
      const upload = (containerUrl: string) =>
        client.computeNode.uploadBatchServiceLogs('p', nodeId, { containerUrl, startTime });
      const result = await upload(storage.sas('logs'));
      expect(result.virtualDirectoryName).toMatch(new RegExp(`^p/${nodeId}/`));
      expect(result.numberOfFilesUploaded).toBe(3);
      const directory = result.virtualDirectoryName;
      await until(
        async () => blobs.size,
        (count) => count === 3,
      );
      expect([...blobs.keys()].sort()).toEqual(
        ['node.json', 'startup/stderr.txt', 'startup/stdout.txt'].map((name) => `${directory}/${name}`),
      );
      expect(JSON.parse(String(blobs.get(`${directory}/node.json`)))).toMatchObject({ id: nodeId });
      expect(String(blobs.get(`${directory}/startup/stdout.txt`))).toBe('started\n');
      // Nobody waits for the upload, so that a container which is not there shows on the node alone.
      const lost = await upload(storage.sas('none'));
      const failure = `/pools/p/nodes/${nodeId}/files/volatile%2Flogs-not-uploaded.txt`;
      const { text } = await until(
        () => raw(emulator, 'GET', failure),
        ({ status }) => status === 200,
      );
      expect(text).toContain(lost.virtualDirectoryName);
      expect(await refusal(upload('ftp://x/y'))).toMatchObject({ statusCode: 400 });
    } finally {
      await storage.close();
    }
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

  it('has no applications', async () => {
    expect(await client.application.list()).toHaveLength(0);
    expect(await refusal(client.application.get('a'))).toMatchObject({
      statusCode: 404,
      code: 'ApplicationNotFound',
    });
  });
});
