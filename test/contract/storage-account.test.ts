import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { BlobContainer } from '../../emulator/storage/blob-container.ts';
import {
  accountIn,
  azurite,
  connectionString,
  containerSas,
  createContainer,
  readBlob,
  type StorageAccount,
  writeBlob,
} from '../support/storage-account.ts';
import {
  addReadyPool,
  type BatchClient,
  clientFor,
  completedTask,
  readText,
  startFast,
  until,
} from './support.ts';

const other = azurite();
if (other === undefined) console.log('not against Azurite, which scripts/with-azurite.mjs starts');

describe.each([
  ['the storage account of the emulator', undefined],
  ...(other === undefined ? [] : [['Azurite', other] as const]),
] as const)('files in and out of %s', (_what, elsewhere) => {
  let account: StorageAccount;
  let emulator: Emulator;
  let client: BatchClient;
  let input: string;
  let output: string;

  beforeAll(async () => {
    emulator = await startFast(elsewhere === undefined ? {} : { autoStorage: connectionString(elsewhere) });
    account = elsewhere ?? accountIn(emulator.storageConnectionString);
    client = clientFor(emulator);
    for (const name of ['azb-in', 'azb-out']) await createContainer(account, name);
    input = containerSas(account, 'azb-in', 'racwl');
    output = containerSas(account, 'azb-out', 'racwl');
    await writeBlob(input, 'one & only.txt', 'one');
    await writeBlob(input, 'deep/er/two ü.txt', 'two');
    await addReadyPool(client, 'p', 1);
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
  });
  afterAll(() => emulator?.close());

  it.each([
    ['a container', () => ({ storageContainerUrl: containerSas(account, 'azb-in', 'rl') })],
    ['the linked account', () => ({ autoStorageContainerName: 'azb-in' })],
  ])('come from %s', async (what, source) => {
    const id = what.replaceAll(' ', '-');
    await client.task.add('j', {
      id,
      commandLine: `/bin/sh -c 'cat "one & only.txt" deep/er/*'`,
      resourceFiles: [source()],
    });
    const task = await completedTask(client, 'j', id);
    expect(task.executionInfo?.failureInfo).toBeUndefined();
    expect(await readText((await client.file.getFromTask('j', id, 'stdout.txt')).readableStreamBody)).toBe(
      'onetwo',
    );
  });

  it('tell of permissions that are not enough', async () => {
    await client.task.add('j', {
      id: 'unlisted',
      commandLine: 'true',
      resourceFiles: [{ storageContainerUrl: containerSas(account, 'azb-in', 'r') }],
    });
    const task = await completedTask(client, 'j', 'unlisted');
    expect(task.executionInfo?.failureInfo?.code).toBe('ResourceContainerAccessDenied');
  });

  it('go to a container', async () => {
    const outputFile = (filePattern: string, containerUrl: string, path: string) => ({
      filePattern,
      destination: { container: { containerUrl, path } },
      uploadOptions: { uploadCondition: 'taskcompletion' as const },
    });
    await client.task.add('j', {
      id: 'out',
      commandLine: `/bin/sh -c 'mkdir sub; echo hi > "sub/a b.txt"; echo said'`,
      outputFiles: [outputFile('**/*.txt', output, 'results'), outputFile('../std*.txt', output, 'logs')],
    });
    expect((await completedTask(client, 'j', 'out')).executionInfo?.failureInfo).toBeUndefined();
    expect(await readBlob(output, 'results/sub/a b.txt')).toBe('hi\n');
    expect(await readBlob(output, 'logs/stdout.txt')).toBe('said\n');
    await client.task.add('j', {
      id: 'lost',
      commandLine: 'true',
      outputFiles: [outputFile('../std*.txt', containerSas(account, 'azb-none', 'racwl'), 'logs')],
    });
    const lost = await completedTask(client, 'j', 'lost');
    expect(lost.executionInfo).toMatchObject({
      exitCode: 0,
      failureInfo: { code: 'FileUploadContainerNotFound' },
    });
  });

  it('go in blocks when they are big', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'azb-storage-'));
    const options = { signal: new AbortController().signal, idleMs: 10_000 };
    const container = new BlobContainer(output, options, { singleBytes: 1000, blockBytes: 700 });
    const content = randomBytes(2000).toString('hex');
    await writeFile(join(directory, 'big'), content);
    await container.upload('big', join(directory, 'big'), content.length);
    expect(await readBlob(output, 'big')).toBe(content);
    await rm(directory, { recursive: true });
  });

  it("take a node's log", async () => {
    const [node] = await client.computeNode.list('p');
    const { virtualDirectoryName, numberOfFilesUploaded } = await client.computeNode.uploadBatchServiceLogs(
      'p',
      node?.id ?? '',
      { containerUrl: output, startTime: new Date(0) },
    );
    expect(numberOfFilesUploaded).toBe(1);
    const log = await until(
      () => readBlob(output, `${virtualDirectoryName}/node.json`).catch(() => undefined),
      (text) => text !== undefined,
    );
    expect(log).toContain('"idle"');
  });
});
