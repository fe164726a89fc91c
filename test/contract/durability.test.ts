import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type ClientRequest, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobSASPermissions, BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleEmulator, type EmulatorProcess, runProcess, startProcess } from './emulator-process.ts';
import { raw } from './raw.ts';
import { addReadyPool, clientFor, completedTask, isAlive, until } from './support.ts';

describe('the emulator as a process', () => {
  let bundle: string;
  let directory: string;
  beforeAll(async () => {
    bundle = await bundleEmulator('durability');
    directory = await mkdtemp(join(tmpdir(), 'azb-durability-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('keeps every acknowledged change through kill -9, and leaves no orphan', async () => {
    const data = join(directory, 'kept');
    const args = ['--port', '0', '--data', data, '--speed', '40'];
    const first = await startProcess(bundle, args);
    const client = clientFor(first);
    await addReadyPool(client, 'p', 1);
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
    await client.task.add('j', { id: 'done', commandLine: 'echo done' });
    const done = await completedTask(client, 'j', 'done');
    await client.task.add('j', { id: 'runs', commandLine: "/bin/bash -c 'sleep 600 & echo $! $$; wait'" });
    const pids = await until(
      async () => {
        const answer = await raw(first, 'GET', '/jobs/j/tasks/runs/files/stdout.txt');
        return answer.status === 200 ? answer.text.trim().split(' ') : [];
      },
      (list) => list.length === 2,
    );
    const tasks = Array.from({ length: 100 }, (_, index) => ({ id: `w${index}`, commandLine: 'true' }));
    await client.task.addCollection('j', tasks);
    await first.end('SIGKILL');
    // They need no next start to be killed.
    await until(
      async () => pids.filter(isAlive),
      (left) => left.length === 0,
    );

    const second = await startProcess(bundle, args);
    expect(second.key).toBe(first.key);
    const again = clientFor(second);
    expect(await again.task.list('j')).toHaveLength(102);
    const kept = await again.task.get('j', 'done');
    expect(kept.executionInfo).toEqual(done.executionInfo);
    const requeued = await again.task.get('j', 'runs');
    expect(requeued.executionInfo?.requeueCount).toBe(1);
    const rerun = await until(
      () => again.task.get('j', 'runs'),
      (task) => task.state === 'running',
    );
    expect(rerun.executionInfo?.requeueCount).toBe(1);
    await again.task.terminate('j', 'runs');
    const counts = await until(
      () => again.job.getTaskCounts('j'),
      (each) => each.taskCounts.completed === 102,
    );
    expect(counts.taskCounts).toMatchObject({ active: 0, running: 0, succeeded: 101, failed: 1 });
    expect(await second.end('SIGTERM')).toBe(0);
  });

  it('keeps a deletion under way', async () => {
    const args = ['--port', '0', '--data', join(directory, 'deleting'), '--speed', '0.01'];
    const first = await startProcess(bundle, args);
    const client = clientFor(first);
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
    await client.task.add('j', { id: 't', commandLine: 'true' });
    await client.job.deleteMethod('j');
    expect((await client.job.get('j')).state).toBe('deleting');
    await first.end('SIGKILL');
    const second = await startProcess(bundle, [...args.slice(0, -1), '100']);
    await until(
      () => clientFor(second).job.list(),
      (jobs) => jobs.length === 0,
    );
    await second.end('SIGTERM');
  });

  it('keeps every acknowledged blob through kill -9, and no byte of any other', async () => {
    const data = join(directory, 'blobs');
    const args = ['--port', '0', '--data', data];
    const first = await startProcess(bundle, args);
    const container = (emulator: EmulatorProcess) =>
      BlobServiceClient.fromConnectionString(emulator.storageConnectionString).getContainerClient('kept');
    const before = container(first);
    await before.create();
    const names = Array.from({ length: 40 }, (_, index) => `blob-${index}`);
    await Promise.all(names.map((name) => before.getBlockBlobClient(name).upload(name, name.length)));
    const log = before.getAppendBlobClient('log');
    await log.create();
    await log.appendBlock('one\n', 4);
    const staged = before.getBlockBlobClient('staged');
    await staged.stageBlock('AAAA', 'waits', 5);
    // It is under way when the emulator is killed: the body never ends.
    const unfinished = await startUpload(await before.getBlockBlobClient('half').generateSasUrl(WRITE));
    await until(
      async () => filesIn(join(data, 'blobs')),
      (files) => files.length === names.length + 3,
    );
    await first.end('SIGKILL');
    unfinished.destroy();

    const second = await startProcess(bundle, args);
    const after = container(second);
    const found: string[] = [];
    for await (const { name } of after.listBlobsFlat()) found.push(name);
    expect(found).toEqual([...names, 'log'].sort());
    const text = async (name: string) => (await after.getBlobClient(name).downloadToBuffer()).toString();
    expect(await Promise.all(names.map(text))).toEqual(names);
    await after.getAppendBlobClient('log').appendBlock('two\n', 4);
    expect(await text('log')).toBe('one\ntwo\n');
    await after.getBlockBlobClient('staged').commitBlockList(['AAAA']);
    expect(await text('staged')).toBe('waits');
    expect(filesIn(join(data, 'blobs'))).toHaveLength(names.length + 2);
    expect(await second.end('SIGTERM')).toBe(0);
  });

  it('ends cleanly on SIGTERM: tasks killed, temporary files gone', async () => {
    const emulator = await startProcess(bundle, ['--port', '0', '--speed', '40']);
    const { place, pid } = await sleepingTask(emulator);
    expect(existsSync(place)).toBe(true);
    expect(await emulator.end('SIGTERM')).toBe(0);
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(place.split('/nodes/')[0] ?? place)).toBe(false);
  });

  it('leaves neither tasks nor temporary files behind when it is killed', async () => {
    const emulator = await startProcess(bundle, ['--port', '0', '--speed', '40']);
    const { place, pid } = await sleepingTask(emulator);
    await emulator.end('SIGKILL');
    await until(
      async () => [isAlive(pid), existsSync(place.split('/nodes/')[0] ?? place)],
      (left) => !left.includes(true),
    );
  });

  it('prints what a shell can eval first, and one line a request on stderr', async () => {
    const emulator = await startProcess(bundle, ['--port', '0']);
    expect(emulator.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await raw(emulator, 'GET', '/pools');
    await until(
      async () => emulator.log(),
      (log) => / 200 GET \/pools\?/.test(log),
    );
    expect(emulator.log()).not.toContain(emulator.key);
    await emulator.end('SIGINT');
  });

  it('prints what a shell takes as it is meant, semicolons too', async () => {
    const emulator = await startProcess(bundle, ['--port', '0']);
    const { stdout } = spawnSync('/bin/sh', [
      '-c',
      'eval "$1"; printf %s "$AZURE_STORAGE_CONNECTION_STRING"',
      'sh',
      emulator.stdout(),
    ]);
    expect(String(stdout)).toBe(emulator.storageConnectionString);
    expect(emulator.stdout().split('\n')[2]).toMatch(/^export AZURE_BATCH_ENDPOINT=/);
    await emulator.end('SIGTERM');
  });

  it.each([
    [['--port', 'many'], '--port takes a whole number'],
    [['--speed', '0'], '--speed takes a number'],
    [['--nonsense'], "Unknown option '--nonsense'"],
    [['--fault', 'Pool_Nonsense:429'], '--fault: no operation is called'],
    [['--fault', 'Pool_List:nonsense'], "--fault: 'nonsense' is no effect"],
  ])('refuses %j with the next step and exit code 2', async (args, message) => {
    const { code, stdout, stderr } = await runProcess(bundle, args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`azb: ${message}`);
    expect(stderr).toContain('\n  try: ');
    expect(stderr).not.toContain('    at ');
  });

  it('says when its port is taken', async () => {
    const emulator = await startProcess(bundle, ['--port', '0']);
    const { port } = new URL(emulator.endpoint);
    const { code, stderr } = await runProcess(bundle, ['--port', port]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^azb: port \d+ is in use\n {2}try: /);
    await emulator.end('SIGTERM');
  });
});

/** A task that sleeps for long: its working directory and its process. */
async function sleepingTask(emulator: EmulatorProcess): Promise<{ place: string; pid: string }> {
  const client = clientFor(emulator);
  await addReadyPool(client, 'p', 1);
  await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
  await client.task.add('j', { id: 't', commandLine: "/bin/bash -c 'pwd; echo $$; sleep 600'" });
  const [place = '', pid = ''] = await until(
    async () => (await raw(emulator, 'GET', '/jobs/j/tasks/t/files/stdout.txt')).text.trim().split('\n'),
    (lines) => lines.length === 2,
  );
  return { place, pid };
}

const WRITE = {
  permissions: BlobSASPermissions.parse('cw'),
  expiresOn: new Date(Date.now() + 3_600_000),
};

/** Begins to put a blob, and waits until the first bytes were sent. */
function startUpload(url: string): Promise<ClientRequest> {
  const headers = { 'x-ms-blob-type': 'BlockBlob', 'content-length': 1000 };
  const upload = request(url, { method: 'PUT', headers });
  upload.on('error', () => {});
  return new Promise((resolve) => upload.write('half of it', () => resolve(upload)));
}

function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}
