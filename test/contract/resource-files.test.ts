import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { type BlobServer, startBlobServer } from '../support/blob-server.ts';
import {
  addReadyPool,
  type BatchClient,
  clientFor,
  completedTask,
  readText,
  refusal,
  startFast,
  until,
} from './support.ts';

describe('resource files', () => {
  let storage: BlobServer;
  let emulator: Emulator;
  let client: BatchClient;
  let number = 0;

  beforeAll(async () => {
    storage = await startBlobServer();
    emulator = await startFast({ autoStorage: storage.connectionString, transferIdleMs: 3_000 });
    client = clientFor(emulator);
    await addReadyPool(client, 'p', 1);
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
  });
  afterAll(async () => {
    await emulator.close();
    await storage.close();
  });
  beforeEach(() => {
    storage.containers.clear();
    storage.requests.length = 0;
    number += 1;
  });

  const fill = (container: string, files: Record<string, string>) =>
    storage.containers.set(
      container,
      new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])),
    );

  async function run(resourceFiles: object[], commandLine = 'true', extra: object = {}) {
    const id = `t${number}`;
    await client.task.add('j', { id, commandLine, resourceFiles, ...extra });
    return completedTask(client, 'j', id);
  }

  async function output(): Promise<string> {
    return readText((await client.file.getFromTask('j', `t${number}`, 'stdout.txt')).readableStreamBody);
  }

  it('come from any address, with their directories and permissions', async () => {
    const task = await run(
      [
        { httpUrl: `${storage.endpoint}/plain/hello`, filePath: 'in/a file.txt' },
        { httpUrl: `${storage.endpoint}/plain/moved`, filePath: 'run.sh', fileMode: '0751' },
      ],
      `/bin/sh -c 'cat "in/a file.txt"; stat -c %a "in/a file.txt" run.sh'`,
    );
    expect(task.executionInfo).toMatchObject({ exitCode: 0, result: 'success' });
    expect(await output()).toBe('hello\n770\n751\n');
  });

  it('come from a container with all that is in it, page by page, or with a prefix', async () => {
    fill('in', { 'a & b.txt': 'A', 'deep/er/c.txt': 'C', 'deep/d.txt': 'D', 'z.txt': 'Z', 'marker/': '' });
    await run([{ storageContainerUrl: storage.sas('in') }], `/bin/sh -c 'find . -type f | sort'`);
    expect(await output()).toBe('./a & b.txt\n./deep/d.txt\n./deep/er/c.txt\n./z.txt\n');
    number += 100;
    await run(
      [{ storageContainerUrl: storage.sas('in'), blobPrefix: 'deep/', filePath: 'data' }],
      `/bin/sh -c 'find . -type f | sort'`,
    );
    expect(await output()).toBe('./data/deep/d.txt\n./data/deep/er/c.txt\n');
  });

  it('come from the linked storage account', async () => {
    fill('linked', { 'x.txt': 'from auto storage' });
    await run([{ autoStorageContainerName: 'linked' }], 'cat x.txt');
    expect(await output()).toBe('from auto storage');
    number += 100;
    storage.requests.length = 0;
    const task = await run([{ autoStorageContainerName: '../linked' }]);
    expect(task.executionInfo?.failureInfo?.code).toBe('ResourceContainerNotFound');
    expect(storage.requests).toEqual([]);
  });

  it('are fetched once, however often the task is tried', async () => {
    const task = await run(
      [{ httpUrl: `${storage.endpoint}/plain/hello`, filePath: 'h' }],
      `/bin/sh -c 'cat h; exit 3'`,
      { constraints: { maxTaskRetryCount: 2 } },
    );
    expect(task.executionInfo).toMatchObject({ exitCode: 3, retryCount: 2 });
    expect(storage.requests).toEqual(['GET /plain/hello']);
  });

  it.each([
    ['plain/none', 'BlobNotFound', 'UserError'],
    ['plain/forbidden', 'BlobAccessDenied', 'UserError'],
    ['plain/broken', 'BlobDownloadMiscError', 'ServerError'],
    ['plain/stalled', 'BlobDownloadTimedOut', 'ServerError'],
  ])('that cannot be had (%s) end the task before it runs: %s', async (path, code, category) => {
    const task = await run([{ httpUrl: `${storage.endpoint}/${path}?sig=secret`, filePath: 'f' }], 'true', {
      constraints: { maxTaskRetryCount: 3 },
    });
    const { executionInfo: info } = task;
    expect(info).toMatchObject({ result: 'failure', retryCount: 0, failureInfo: { code, category } });
    expect(info?.exitCode).toBeUndefined();
    expect(info?.failureInfo?.details).toContainEqual({ name: 'FilePath', value: 'f' });
    expect(JSON.stringify(info)).not.toContain('secret');
    const files = await client.file.listFromTask('j', task.id ?? '', { recursive: true });
    expect(files.map((file) => file.name)).toEqual(['certs', 'wd']);
  });

  it('tell of containers that are not there or not open', async () => {
    const absent = await run([{ storageContainerUrl: storage.sas('none') }]);
    expect(absent.executionInfo?.failureInfo?.code).toBe('ResourceContainerNotFound');
    number += 100;
    const closed = await run([{ storageContainerUrl: storage.sas('none').replace('good', 'bad') }]);
    expect(closed.executionInfo?.failureInfo?.code).toBe('ResourceContainerAccessDenied');
  });

  it('never leave the working directory, whatever a container says', async () => {
    fill('evil', { '../escaped.txt': 'x' });
    const task = await run([{ storageContainerUrl: storage.sas('evil') }]);
    expect(task.executionInfo?.failureInfo?.code).toBe('ResourceFileCreateFailed');
  });

  it.each(['out/escaped.txt', 'link'])('do not follow a link of the task out of it: %s', async (name) => {
    fill('links', {});
    const task = await run(
      [{ storageContainerUrl: storage.sas('links') }],
      `/bin/sh -c 'S=$AZ_BATCH_NODE_SHARED_DIR; ln -sfn "$S" out; test -L link || ln -s "$S/escaped.txt" link; exit 1'`,
    );
    expect(task.executionInfo?.exitCode).toBe(1);
    // Run again on the same node, the task finds its own links.
    fill('links', { [name]: 'x' });
    await client.task.reactivate('j', `t${number}`);
    await completedTask(client, 'j', `t${number}`);
    expect(storage.requests.some((line) => line.endsWith(name))).toBe(name === 'link');
    const [node] = await client.computeNode.list('p');
    const files = await client.file.listFromComputeNode('p', node?.id ?? '', { recursive: true });
    expect(files.map((file) => file.name).filter((each) => each?.startsWith('shared/'))).toEqual([]);
  });

  it.each([
    [{ httpUrl: 'http://h/x' }, 'filePath'],
    [{ httpUrl: 'http://h/x', filePath: '../x' }, 'filePath'],
    [{ httpUrl: 'http://h/x', filePath: '/etc/x' }, 'filePath'],
    [{ httpUrl: 'http://h/x', filePath: 'a\\..\\..\\x' }, 'filePath'],
    [{ httpUrl: 'ftp://h/x', filePath: 'x' }, 'httpUrl'],
    [{ httpUrl: 'http://h/x', storageContainerUrl: 'http://h/c', filePath: 'x' }, 'resourceFiles'],
    [{ filePath: 'x' }, 'resourceFiles'],
    [{ httpUrl: 'http://h/x', filePath: 'x', fileMode: '789' }, 'fileMode'],
  ])('are refused when they make no sense: %j', async (file, property) => {
    const add = client.task.add('j', { id: 'never', commandLine: 'true', resourceFiles: [file] });
    expect(await refusal(add)).toMatchObject({
      code: 'InvalidPropertyValue',
      values: { PropertyName: property },
    });
  });

  it('let the job act when they cannot be had', async () => {
    await client.job.add({
      id: `acts${number}`,
      poolInfo: { poolId: 'p' },
      onTaskFailure: 'performexitoptionsjobaction',
    });
    await client.task.add(`acts${number}`, {
      id: 't',
      commandLine: 'true',
      resourceFiles: [{ httpUrl: `${storage.endpoint}/plain/none`, filePath: 'f' }],
      exitConditions: { preProcessingError: { jobAction: 'disable' }, default: { jobAction: 'none' } },
    });
    await until(
      () => client.job.get(`acts${number}`),
      (job) => job.state === 'disabled',
    );
  });

  it('come to start tasks, whose failure shows on the node', async () => {
    await addReadyPool(client, 'started', 1, {
      startTask: {
        commandLine: 'cat h',
        resourceFiles: [{ httpUrl: `${storage.endpoint}/plain/hello`, filePath: 'h' }],
        waitForSuccess: true,
      },
    });
    const [node] = await client.computeNode.list('started');
    const text = await client.file.getFromComputeNode('started', node?.id ?? '', 'startup/stdout.txt');
    expect(await readText(text.readableStreamBody)).toBe('hello\n');
    await client.pool.patch('started', {
      startTask: {
        commandLine: 'true',
        resourceFiles: [{ httpUrl: `${storage.endpoint}/plain/none`, filePath: 'h' }],
        waitForSuccess: true,
      },
    });
    await client.computeNode.reboot('started', node?.id ?? '');
    const failed = await until(
      () => client.computeNode.get('started', node?.id ?? ''),
      (each) => each.state === 'starttaskfailed',
    );
    expect(failed.startTaskInfo).toMatchObject({ result: 'failure', failureInfo: { code: 'BlobNotFound' } });
    expect(failed.startTaskInfo?.exitCode).toBeUndefined();
  });

  it('come to preparation and release tasks and job managers', async () => {
    const resourceFiles = [{ httpUrl: `${storage.endpoint}/plain/hello`, filePath: 'h' }];
    await client.job.add({
      id: 'parts',
      poolInfo: { poolId: 'p' },
      jobManagerTask: { id: 'manager', commandLine: 'cat h', resourceFiles },
      jobPreparationTask: { id: 'prep', commandLine: 'cat h', resourceFiles },
      jobReleaseTask: { id: 'release', commandLine: 'cat h', resourceFiles },
    });
    await until(
      () => client.job.get('parts'),
      (job) => job.state === 'completed',
    );
    const [status] = await client.job.listPreparationAndReleaseTaskStatus('parts');
    expect(status?.jobPreparationTaskExecutionInfo?.result).toBe('success');
    expect(status?.jobReleaseTaskExecutionInfo?.result).toBe('success');
    expect((await client.task.get('parts', 'manager')).executionInfo?.result).toBe('success');
  });

  it('come to all instances of a multi-instance task when they are common, above the working directory', async () => {
    await addReadyPool(client, 'multi', 2, { enableInterNodeCommunication: true, taskSlotsPerNode: 1 });
    await client.job.add({ id: 'multi', poolInfo: { poolId: 'multi' } });
    await client.task.add('multi', {
      id: 't',
      commandLine: 'cat ../common own',
      multiInstanceSettings: {
        numberOfInstances: 2,
        coordinationCommandLine: 'cat ../common',
        commonResourceFiles: [{ httpUrl: `${storage.endpoint}/plain/hello`, filePath: 'common' }],
      },
      resourceFiles: [{ httpUrl: `${storage.endpoint}/plain/hello`, filePath: 'own' }],
    });
    const task = await completedTask(client, 'multi', 't');
    expect(task.executionInfo).toMatchObject({ result: 'success' });
    const text = await client.file.getFromTask('multi', 't', 'stdout.txt');
    expect(await readText(text.readableStreamBody)).toBe('hello\nhello\n');
    expect(storage.requests).toHaveLength(3);
    const { value } = await client.task.listSubtasks('multi', 't');
    const { nodeId = '', taskRootDirectory = '' } = value?.[0]?.nodeInfo ?? {};
    const other = await client.file.getFromComputeNode('multi', nodeId, `${taskRootDirectory}/stdout.txt`);
    expect(await readText(other.readableStreamBody)).toBe('hello\n');
  });

  it("come from the emulator's own storage account where no other is linked", async () => {
    const alone = await startFast();
    try {
      const other = clientFor(alone);
      await addReadyPool(other, 'p', 1);
      await other.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
      await other.task.add('j', {
        id: 't',
        commandLine: 'true',
        resourceFiles: [{ autoStorageContainerName: 'missing' }],
      });
      const task = await completedTask(other, 'j', 't');
      expect(task.executionInfo?.failureInfo).toMatchObject({
        code: 'ResourceContainerNotFound',
        details: expect.arrayContaining([
          { name: 'ContainerUrl', value: `${alone.endpoint}/azbstorage/missing` },
        ]),
      });
    } finally {
      await alone.close();
    }
  });

  it('are given up when the task is ended', async () => {
    const id = `t${number}`;
    const slow = await startFast({ transferIdleMs: 3_600_000 });
    try {
      const other = clientFor(slow);
      await addReadyPool(other, 'p', 1);
      await other.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
      await other.task.add('j', {
        id,
        commandLine: 'true',
        resourceFiles: [{ httpUrl: `${storage.endpoint}/plain/stalled`, filePath: 'f' }],
      });
      await until(
        async () => storage.requests.length,
        (count) => count > 0,
      );
      await other.task.terminate('j', id);
      await until(
        async () => (await other.computeNode.list('p'))[0]?.state,
        (state) => state === 'idle',
      );
    } finally {
      await slow.close();
    }
  });
});
