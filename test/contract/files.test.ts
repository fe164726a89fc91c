import { symlink } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { raw } from './raw.ts';
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

describe('files', () => {
  let emulator: Emulator;
  let client: BatchClient;
  let nodeId: string;
  const TASK = '/jobs/j/tasks/t/files';

  beforeAll(async () => {
    emulator = await startFast();
    client = clientFor(emulator);
    await addReadyPool(client, 'p', 1);
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
    await client.task.add('j', {
      id: 't',
      commandLine:
        '/bin/bash -c \'echo 0123456789; mkdir sub; echo spaced > "sub/a b%.txt"; ln -s /etc/passwd out; pwd > place\'',
    });
    const task = await completedTask(client, 'j', 't');
    nodeId = task.nodeInfo?.nodeId ?? '';
  });
  afterAll(() => emulator.close());

  it('lists the top, or all of it', async () => {
    const top = await client.file.listFromTask('j', 't');
    expect(top.map((file) => file.name).sort()).toEqual(['certs', 'stderr.txt', 'stdout.txt', 'wd']);
    const { json } = await raw(emulator, 'GET', `${TASK}?recursive=true`);
    const files = json.value as {
      name: string;
      isDirectory: boolean;
      properties?: Record<string, unknown>;
    }[];
    const byName = new Map(files.map((file) => [file.name, file]));
    expect(byName.get('wd/sub/a b%.txt')).toMatchObject({
      isDirectory: false,
      properties: { contentLength: '7', contentType: 'text/plain' },
    });
    expect(byName.get('wd/sub')).not.toHaveProperty('properties');
    expect(byName.has('wd/out')).toBe(false);
    const node = await client.file.listFromComputeNode('p', nodeId, { recursive: true });
    expect(node.map((file) => file.name)).toContain('workitems/j/job-1/t/stdout.txt');
  });

  it('come in pages, each full but the last, whatever cannot be looked at among them', async () => {
    const { json } = await raw(emulator, 'GET', `${TASK}?recursive=true`);
    const namesOf = (value: unknown) => (value as { name: string }[]).map((file) => file.name);
    const pages: string[][] = [];
    let next: string | undefined = `${TASK}?recursive=true&maxresults=2`;
    while (next !== undefined) {
      const page = await raw(emulator, 'GET', next);
      pages.push(namesOf(page.json.value));
      const link = page.json['odata.nextLink'] as string | undefined;
      next = link?.slice(emulator.endpoint.length).replace(/&api-version=[^&]*/, '');
    }
    expect(pages.flat()).toEqual(namesOf(json.value));
    expect(pages.slice(0, -1).every((page) => page.length === 2)).toBe(true);
    // The link out of the working directory lies between its other files.
    expect(pages.flat().filter((name) => name.startsWith('wd/'))).toEqual([
      'wd/place',
      'wd/sub',
      'wd/sub/a b%.txt',
    ]);
    const filtered = await raw(emulator, 'GET', `${TASK}?recursive=true&$filter=startswith(name,'wd/s')`);
    expect(namesOf(filtered.json.value)).toEqual(['wd/sub', 'wd/sub/a b%.txt']);
  });

  it('gives a file and its properties', async () => {
    const head = await client.file.getPropertiesFromTask('j', 't', 'stdout.txt');
    expect(head.contentLength).toBe(11);
    expect(head.ocpBatchFileMode).toMatch(/^0o100/);
    const got = await client.file.getFromTask('j', 't', 'stdout.txt');
    expect(await readText(got.readableStreamBody)).toBe('0123456789\n');
    expect(head.contentType).toBe('text/plain');
    const { headers } = await raw(emulator, 'GET', `${TASK}/stdout.txt`);
    expect(headers.etag).toBeUndefined();
    expect(headers['ocp-batch-file-isdirectory']).toBe('False');
    expect(decodeURIComponent(String(headers['ocp-batch-file-url']))).toBe(
      `${emulator.endpoint}${TASK}/stdout.txt`,
    );
  });

  it('gives a part of a file, with 200', async () => {
    const part = await client.file.getFromTask('j', 't', 'stdout.txt', {
      fileGetFromTaskOptions: { ocpRange: 'bytes=2-4' },
    });
    expect(part._response.status).toBe(200);
    expect(await readText(part.readableStreamBody)).toBe('234');
    const rest = await raw(emulator, 'GET', `${TASK}/stdout.txt`, { headers: { 'ocp-range': 'bytes=8-' } });
    expect(rest.text).toBe('89\n');
    const beyond = await raw(emulator, 'GET', `${TASK}/stdout.txt`, {
      headers: { 'ocp-range': 'bytes=11-' },
    });
    expect([beyond.status, beyond.json.code]).toEqual([416, 'InvalidRange']);
    const wrong = await raw(emulator, 'GET', `${TASK}/stdout.txt`, { headers: { 'ocp-range': 'lines=1-2' } });
    expect([wrong.status, wrong.json.code]).toEqual([400, 'InvalidHeaderValue']);
  });

  it.each([
    `${TASK}/wd%2Fsub%2Fa%20b%25.txt`,
    `${TASK}/wd%5Csub%5Ca%20b%25.txt`,
    `${TASK}/wd/sub/a%20b%25.txt`,
  ])('understands the path %s', async (target) => {
    expect((await raw(emulator, 'GET', target)).text).toBe('spaced\n');
  });

  it('of a node are described and deleted too', async () => {
    await client.task.add('j', { id: 'gone', commandLine: "/bin/bash -c 'echo short-lived > mine.txt'" });
    await completedTask(client, 'j', 'gone');
    const path = 'workitems/j/job-1/gone/wd/mine.txt';
    const head = await client.file.getPropertiesFromComputeNode('p', nodeId, path);
    expect(head.contentLength).toBe('short-lived\n'.length);
    await client.file.deleteFromComputeNode('p', nodeId, path);
    const left = await client.file.listFromComputeNode('p', nodeId, { recursive: true });
    expect(left.map((file) => file.name)).not.toContain(path);
  });

  it('is reached by name through the client', async () => {
    const got = await client.file.getFromTask('j', 't', 'wd/sub/a b%.txt');
    expect(await readText(got.readableStreamBody)).toBe('spaced\n');
  });

  it.each([
    '..%2F..%2F..%2Fstartup',
    '%2Fetc%2Fpasswd',
    'wd%2F..%2F..%2Ft%2Fstdout.txt',
    'wd%2Fout',
    '..%5C..%5Cstartup',
    'wd%2F%00',
    'none.txt',
  ])('never leaves the task through %s', async (path) => {
    const answer = await raw(emulator, 'GET', `${TASK}/${path}`);
    expect([answer.status, answer.json.code]).toEqual([404, 'FileNotFound']);
  });

  it('does not follow a link made on a node either', async () => {
    const place = (await raw(emulator, 'GET', `${TASK}/wd%2Fplace`)).text.trim();
    await symlink('/etc', `${place}/etc`);
    const answer = await raw(
      emulator,
      'GET',
      `/pools/p/nodes/${nodeId}/files/workitems%2Fj%2Fjob-1%2Ft%2Fwd%2Fetc%2Fpasswd`,
    );
    expect([answer.status, answer.json.code]).toEqual([404, 'FileNotFound']);
  });

  it('judges the time of its last change', async () => {
    const { headers } = await raw(emulator, 'GET', `${TASK}/stdout.txt`);
    const since = { 'if-modified-since': String(headers['last-modified']) };
    expect((await raw(emulator, 'GET', `${TASK}/stdout.txt`, { headers: since })).status).toBe(304);
    expect((await raw(emulator, 'HEAD', `${TASK}/stdout.txt`, { headers: since })).status).toBe(304);
  });

  it('removes files, and directories only when told to', async () => {
    expect(await refusal(client.file.deleteFromTask('j', 't', 'wd/sub'))).toMatchObject({ statusCode: 409 });
    await client.file.deleteFromTask('j', 't', 'wd/sub', { recursive: true });
    expect(await refusal(client.file.getFromTask('j', 't', 'wd/sub/a b%.txt'))).toMatchObject({
      statusCode: 404,
    });
  });

  it('has none while the task waits', async () => {
    await client.job.add({ id: 'later', poolInfo: { poolId: 'absent' } });
    await client.task.add('later', { id: 't', commandLine: 'true' });
    expect(await refusal(client.file.listFromTask('later', 't'))).toEqual({
      statusCode: 409,
      code: 'OperationInvalidForCurrentState',
      values: {
        Reason: 'The files of the specified task cannot be accessed as the task state is still active',
      },
    });
  });

  it('follows a file that grows', async () => {
    await client.task.add('j', {
      id: 'grows',
      commandLine: "/bin/bash -c 'for i in 1 2 3; do echo line $i; sleep 0.05; done'",
    });
    let text = '';
    await until(
      async () => {
        const answer = await raw(emulator, 'GET', '/jobs/j/tasks/grows/files/stdout.txt', {
          headers: { 'ocp-range': `bytes=${text.length}-` },
        });
        if (answer.status === 200) text += answer.text;
        return text;
      },
      (all) => all.endsWith('line 3\n'),
    );
    expect(text).toBe('line 1\nline 2\nline 3\n');
  });
});
