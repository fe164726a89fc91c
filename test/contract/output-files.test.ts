import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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

type Condition = 'tasksuccess' | 'taskfailure' | 'taskcompletion';

describe('output files', () => {
  let storage: BlobServer;
  let emulator: Emulator;
  let client: BatchClient;
  let number = 0;

  beforeAll(async () => {
    storage = await startBlobServer();
    emulator = await startFast();
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
    storage.containers.set('out', new Map());
    number += 1;
  });

  const to = (filePattern: string, condition: Condition = 'tasksuccess', container: object = {}) => ({
    filePattern,
    destination: { container: { containerUrl: storage.sas('out'), ...container } },
    uploadOptions: { uploadCondition: condition },
  });

  async function run(commandLine: string, outputFiles: object[], extra: object = {}) {
    const id = `t${number}`;
    await client.task.add('j', { id, commandLine, outputFiles, ...extra } as Parameters<
      typeof client.task.add
    >[1]);
    return completedTask(client, 'j', id);
  }

  const read = async (path: string) =>
    readText((await client.file.getFromTask('j', `t${number}`, path)).readableStreamBody);
  const uploaded = () => [...(storage.containers.get('out')?.keys() ?? [])].sort();

  it('go to the container with the names that pattern and path give them', async () => {
    const task = await run(
      `/bin/sh -c 'mkdir -p a/b .h; for f in x a/y a/b/z .h/no; do echo $f > $f.txt; done'`,
      [
        to('**/*.txt', 'tasksuccess', { path: 'all' }),
        to('a/b/z.txt', 'tasksuccess', { path: 'one/name' }),
        to('a/**/[xyz].txt'),
        to('../std*.txt', 'tasksuccess', { path: 'logs/' }),
        to('$AZ_BATCH_TASK_WORKING_DIR/x.txt'),
      ],
    );
    expect(task.executionInfo).toMatchObject({ exitCode: 0, result: 'success' });
    expect(uploaded()).toEqual([
      'all/a/b/z.txt',
      'all/a/y.txt',
      'all/x.txt',
      'b/z.txt',
      'logs/stderr.txt',
      'logs/stdout.txt',
      'one/name',
      'x.txt',
      'y.txt',
    ]);
    expect(storage.containers.get('out')?.get('one/name')?.toString()).toBe('a/b/z\n');
    expect(await read('fileuploadout.txt')).toContain('one/name');
    expect(await read('fileuploadout.txt')).not.toContain('sig=');
    expect(await read('fileuploaderr.txt')).toBe('');
  });

  it('carry the headers that are asked for', async () => {
    const uploadHeaders = [{ name: 'x-ms-blob-content-type', value: 'text/csv' }];
    await run(`/bin/sh -c 'echo 1 > n.csv'`, [to('n.csv', 'tasksuccess', { uploadHeaders })]);
    expect(storage.headers.get('out/n.csv')).toMatchObject({ 'x-ms-blob-content-type': 'text/csv' });
  });

  it.each([
    [0, ['always', 'good']],
    [2, ['always', 'bad']],
  ])('follow their conditions after exit code %i', async (exitCode, expected) => {
    const files = [
      to('f', 'tasksuccess', { path: 'good' }),
      to('f', 'taskfailure', { path: 'bad' }),
      to('f', 'taskcompletion', { path: 'always' }),
    ];
    const task = await run(`/bin/sh -c 'echo x > f; exit ${exitCode}'`, files);
    expect(task.executionInfo?.exitCode).toBe(exitCode);
    expect(uploaded()).toEqual(expected);
  });

  it('are uploaded after the last try only, and after a time-out', async () => {
    const tried = await run(`/bin/sh -c 'echo x >> f; exit 1'`, [to('f', 'taskfailure')], {
      constraints: { maxTaskRetryCount: 2 },
    });
    expect(tried.executionInfo?.retryCount).toBe(2);
    expect(storage.containers.get('out')?.get('f')?.toString()).toBe('x\nx\nx\n');
    expect(storage.requests.filter((line) => line === 'PUT /files/out/f')).toHaveLength(1);
    number += 100;
    const late = await run(`/bin/sh -c 'echo x > late; sleep 60'`, [to('late', 'taskcompletion')], {
      constraints: { maxWallClockTime: 'PT2S' },
    });
    expect(late.executionInfo?.failureInfo?.code).toBe('TaskEnded');
    expect(uploaded()).toContain('late');
  });

  it('fail a task that was fine when their container is not there, and are written about', async () => {
    const task = await run(`/bin/sh -c 'echo x > f'`, [
      to('f', 'tasksuccess', { containerUrl: storage.sas('none') }),
      to('f', 'tasksuccess', { path: 'still' }),
    ]);
    expect(task.executionInfo).toMatchObject({
      exitCode: 0,
      result: 'failure',
      failureInfo: {
        category: 'UserError',
        code: 'FileUploadContainerNotFound',
        message:
          'One of the specified Azure container(s) was not found while attempting to upload an output file',
      },
    });
    expect(await read('fileuploaderr.txt')).toContain('ContainerNotFound');
    expect(uploaded()).toEqual(['still']);
  });

  it('tell of a signature that is not taken, and of a server that is not there', async () => {
    const denied = await run(`/bin/sh -c 'echo x > f'`, [
      to('f', 'tasksuccess', { containerUrl: storage.sas('out').replace('good', 'bad') }),
    ]);
    expect(denied.executionInfo?.failureInfo?.code).toBe('FileUploadAccessDenied');
    number += 100;
    const gone = await run(`/bin/sh -c 'echo x > f'`, [
      to('f', 'tasksuccess', { containerUrl: 'http://127.0.0.1:1/c?sig=secret' }),
    ]);
    expect(gone.executionInfo?.failureInfo?.code).toBe('FileUploadMiscError');
    expect(JSON.stringify(gone.executionInfo)).not.toContain('secret');
  });

  it('fail a task that has removed its own directory, of which there is nothing left to write about', async () => {
    const { executionInfo } = await run("/bin/sh -c 'rm -r $AZ_BATCH_TASK_DIR'", [to('*')]);
    expect(executionInfo).toMatchObject({
      exitCode: 0,
      result: 'failure',
      failureInfo: { code: 'FileUploadMiscError' },
    });
  });

  it('never come from outside the node', async () => {
    const task = await run(`/bin/sh -c 'ln -s /etc/hostname link; ln -s /etc etc; echo x > f'`, [
      to('/etc/host*'),
      to('../../../../../../../../../../etc/hostname'),
      to('link'),
      to('etc/*'),
      to('**/host*'),
      to('[a-f]'),
    ]);
    expect(task.executionInfo?.result).toBe('success');
    expect(uploaded()).toEqual(['f']);
    expect(await read('fileuploadout.txt')).toContain('link: no file matches');
  });

  it('are not there for a task that could not start', async () => {
    await run('/no/such/program', [to('*', 'taskcompletion')]);
    const files = await client.file.listFromTask('j', `t${number}`);
    expect(files.map((file) => file.name)).not.toContain('fileuploadout.txt');
  });

  it.each([
    ['fileUploadError', {}, 'disabled'],
    ['default', { default: { jobAction: 'disable' } }, 'disabled'],
    [
      'the exit code, which comes first',
      { exitCodes: [{ code: 0, exitOptions: { jobAction: 'disable' } }] },
      'disabled',
    ],
  ])('let the job act when they cannot be uploaded: %s', async (_what, conditions, state) => {
    const jobId = `acts${number}`;
    await client.job.add({
      id: jobId,
      poolInfo: { poolId: 'p' },
      onTaskFailure: 'performexitoptionsjobaction',
    });
    const other = 'exitCodes' in conditions ? 'none' : 'disable';
    await client.task.add(jobId, {
      id: 't',
      commandLine: `/bin/sh -c 'echo x > f'`,
      outputFiles: [to('f', 'tasksuccess', { containerUrl: storage.sas('none') })],
      exitConditions: {
        ...('default' in conditions ? {} : { fileUploadError: { jobAction: other } }),
        ...conditions,
      } as object,
    });
    const job = await until(
      () => client.job.get(jobId),
      (each) => each.state !== 'active' && each.state !== 'disabling',
    );
    expect(job.state).toBe(state);
  });

  it.each([
    [{ destination: {} }, 'destination'],
    [{ filePattern: '' }, 'filePattern'],
    [{ destination: { container: { containerUrl: 'nonsense' } } }, 'containerUrl'],
    [
      {
        destination: {
          container: { containerUrl: 'http://h/c', uploadHeaders: [{ name: 'Host', value: 'other' }] },
        },
      },
      'uploadHeaders',
    ],
  ])('are refused when they make no sense: %j', async (wrong, property) => {
    const outputFiles = [{ ...to('f'), ...wrong }];
    const add = client.task.add('j', { id: 'never', commandLine: 'true', outputFiles });
    expect(await refusal(add)).toMatchObject({
      code: 'InvalidPropertyValue',
      values: { PropertyName: property },
    });
  });

  it('and logs of nodes do not keep the emulator from ending', async () => {
    let requests = 0;
    const silent = createServer(() => {
      requests += 1;
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const containerUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/c?sig=x`;
    const ending = await startFast();
    const other = clientFor(ending);
    await addReadyPool(other, 'p', 2);
    await other.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
    await other.task.add('j', {
      id: 't',
      commandLine: 'true',
      outputFiles: [to('../std*.txt', 'tasksuccess', { containerUrl })],
    });
    const [node] = await other.computeNode.list('p');
    await other.computeNode.uploadBatchServiceLogs('p', node?.id ?? '', {
      containerUrl,
      startTime: new Date(0),
    });
    await until(
      async () => requests,
      (count) => count === 2,
    );
    await ending.close();
    silent.closeAllConnections();
    silent.close();
  });
});
