import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { create } from '../../../../src/commands/shell/create.ts';
import { deleteByIds } from '../../../../src/commands/shell/delete.ts';
import { readDocuments } from '../../../../src/commands/shell/documents.ts';
import { joinPorts } from '../../../../src/store/managed-port.ts';
import { scriptedManagement } from '../../../support/scripted-management.ts';
import { scriptedPort } from '../../../support/scripted-port.ts';
import { errorBody, type Stub, type StubHandler, startStub } from '../../../support/stub-service.ts';
import { argumentsOf, contextOver } from './support.ts';

const stubs: Stub[] = [];
afterEach(async () => {
  await Promise.all(stubs.splice(0).map((stub) => stub.close()));
});

async function stubbed(handler: StubHandler): Promise<Stub> {
  const stub = await startStub(handler);
  stubs.push(stub);
  return stub;
}

const WORK = `
kind: pool
id: p
vmSize: standard_a1_v2
---
kind: job
id: j
poolInfo: { poolId: p }
---
- { kind: task, job: j, id: a, commandLine: x }
- { kind: task, job: j, id: b, commandLine: y }
`;

describe('azb create', () => {
  it('creates in the order of the file, tasks together', async () => {
    const stub = await stubbed(({ path }) =>
      path.endsWith('addtaskcollection')
        ? {
            body: {
              value: [
                { taskId: 'a', status: 'Success' },
                {
                  taskId: 'b',
                  status: 'ClientError',
                  error: { code: 'TaskExists', message: { value: 'exists' } },
                },
              ],
            },
          }
        : { status: 201 },
    );
    const { context, stdout, stderr } = contextOver(stub.port, { stdin: WORK });
    expect(await create(argumentsOf('create', '-f', '-'), context)).toBe(1);
    expect(stdout.text()).toBe('pool/p created\njob/j created\ntask/a created\n');
    expect(stderr.text()).toBe('azb: task/b: exists (TaskExists)\n');
    expect(stub.seen.map(({ path }) => path)).toEqual(['/pools', '/jobs', '/jobs/j/addtaskcollection']);
    expect(JSON.parse(stub.seen[0]?.body ?? '')).toEqual({ id: 'p', vmSize: 'standard_a1_v2' });
    expect(JSON.parse(stub.seen[2]?.body ?? '')).toEqual({
      value: [
        { id: 'a', commandLine: 'x' },
        { id: 'b', commandLine: 'y' },
      ],
    });
  });

  it('goes on after a pool that is there already, and says so', async () => {
    const stub = await stubbed(({ path }) =>
      path === '/pools'
        ? { status: 409, body: errorBody('PoolExists', 'The specified pool already exists.') }
        : { status: 201, body: { value: ['a', 'b'].map((taskId) => ({ taskId, status: 'Success' })) } },
    );
    const { context, stdout, stderr } = contextOver(stub.port, { stdin: WORK });
    expect(await create(argumentsOf('create', '-f', '-'), context)).toBe(1);
    expect(stderr.text()).toBe(
      'azb: pool/p: The specified pool already exists. (PoolExists)\n  try: take another id, or delete what has it\n',
    );
    expect(stdout.text()).toBe('job/j created\ntask/a created\ntask/b created\n');
  });

  it('sends tasks by the hundred', async () => {
    const stub = await stubbed(({ body }) => {
      const { value } = JSON.parse(body) as { value?: { id: string }[] };
      return { body: { value: (value ?? []).map(({ id }) => ({ taskId: id, status: 'Success' })) } };
    });
    const tasks = Array.from({ length: 250 }, (_, index) => ({ kind: 'task', job: 'j', id: `t${index}` }));
    const { context } = contextOver(stub.port, { stdin: JSON.stringify(tasks) });
    expect(await create(argumentsOf('create', '-f', '-'), context)).toBe(0);
    const sizes = stub.seen.map(({ body }) => (JSON.parse(body) as { value: object[] }).value.length);
    expect(sizes).toEqual([100, 100, 50]);
  });

  it('makes as many tasks as a range of ids stands for', () => {
    const files = "outputFiles: [{ destination: { container: { containerUrl: out, path: 't{08..10}' } } }]";
    const made = readDocuments(
      `kind: task\njob: j\nid: t{08..10}\ncommandLine: run {} of {}\n${files}\n`,
      'f',
    );
    expect(made.map(({ id, scope }) => [id, scope])).toEqual(
      ['t08', 't09', 't10'].map((id) => [id, { job: 'j' }]),
    );
    expect(made[1]?.body).toEqual({
      id: 't09',
      commandLine: 'run 09 of 09',
      outputFiles: [{ destination: { container: { containerUrl: 'out', path: 't09' } } }],
    });
    const task = (id: string) => readDocuments(`{ kind: task, job: j, id: '${id}' }`, 'f');
    expect(() => task('t{3..1}')).toThrow('f:1: t{3..1}: the range ends at 1, before 3');
    expect(() => task('t{1-3}')).toThrow(/a range is written like mytask\{1\.\.10\}/);
    expect(() => task('t{1..9999999}')).toThrow(/more than 100,000 tasks/);
  });

  it('names what the service refused, and says that the rest was not tried', async () => {
    const stub = await stubbed(({ path }) =>
      path === '/jobs' ? { status: 409, body: errorBody('JobExists', 'It exists.') } : { status: 201 },
    );
    const { context, stdout, stderr } = contextOver(stub.port, { stdin: WORK });
    expect(await create(argumentsOf('create', '-f', '-'), context)).toBe(1);
    expect(stdout.text()).toBe('pool/p created\n');
    expect(stderr.text()).toBe(
      'azb: job/j: It exists. (JobExists)\n  try: take another id, or delete what has it\n' +
        'azb: what comes after it was not created: 2 more\n',
    );
    expect(stub.seen).toHaveLength(2);
  });

  it('asks for nothing when the file is wrong, and names the line', () => {
    expect(() => readDocuments('kind: pool\nid: p\n---\nkind: cake\n', 'f')).toThrow(
      /^f:4: a cake cannot be created/,
    );
    expect(() => readDocuments('id: p\n', 'f')).toThrow(/^f:1: has no kind/);
    expect(() => readDocuments('kind: task\nid: t\n', 'f')).toThrow(/needs job/);
    expect(() => readDocuments('kind: pool\njob: j\n', 'f')).toThrow(/has no job/);
    expect(() => readDocuments('kind: [pool\n', 'f')).toThrow(/^f:\d: /);
    expect(() => readDocuments('just text', 'f')).toThrow(/not a mapping/);
  });

  it('says which file has nothing in it', async () => {
    const { context } = contextOver(scriptedPort(), { stdin: '\n' });
    await expect(create(argumentsOf('create', '-f', '-'), context)).rejects.toThrow(
      'standard input describes nothing',
    );
  });

  it('needs a file that is there', async () => {
    const { context } = contextOver((await stubbed(() => ({}))).port);
    await expect(create(argumentsOf('create'), context)).rejects.toMatchObject({ exitCode: 2 });
    await expect(create(argumentsOf('create', '-f', '/no/such'), context)).rejects.toMatchObject({
      message: 'cannot read /no/such: there is no such file',
      next: expect.stringContaining(process.cwd()),
    });
  });

  it('changes nothing when azb is read-only, unless told to', async () => {
    const stub = await stubbed(() => ({ status: 201 }));
    const settings = { readOnly: true };
    const stdin = 'kind: job\nid: j\n';
    const refused = contextOver(stub.port, { settings, stdin });
    await expect(create(argumentsOf('create', '-f', '-'), refused.context)).rejects.toThrow(/read-only/);
    expect(stub.seen).toEqual([]);
    const allowed = contextOver(stub.port, { settings, stdin });
    expect(await create(argumentsOf('create', '-f', '-', '--write'), allowed.context)).toBe(0);
  });
});

describe('azb create of an application package', () => {
  const DOCUMENT = (file: string) =>
    `kind: applicationPackage\napplication: tool\nversion: '1.0'\nfile: ${file}\ndefault: true\n`;

  it('publishes the archive where accounts are managed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'azb-create-'));
    try {
      const path = join(folder, 'tool.zip');
      await writeFile(path, 'four');
      const management = scriptedManagement();
      const port = joinPorts(scriptedPort(), management);
      const { context, stdout } = contextOver(port, { stdin: DOCUMENT(path) });
      expect(await create(argumentsOf('create', '-f', '-'), context)).toBe(0);
      expect(stdout.text()).toBe('application/tool 1.0 created\n');
      expect(management.calls.map(({ method, args }) => [method, ...args.slice(0, 3)])).toEqual([
        [
          'publish',
          'contoso',
          { application: 'tool', version: '1.0', isDefault: true },
          { path, size: 4, contentType: 'application/zip' },
        ],
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('says that the archive is missing before it creates anything', async () => {
    const port = scriptedPort();
    const { context } = contextOver(joinPorts(port, scriptedManagement()), {
      stdin: `kind: pool\nid: p\n---\n${DOCUMENT('none.zip')}`,
    });
    await expect(create(argumentsOf('create', '-f', '-'), context)).rejects.toThrow('cannot read none.zip');
    expect(port.asked('add')).toEqual([]);
  });

  it.each([
    ["version: '1'\nfile: a.zip", 'needs application'],
    ['application: a\nversion: 1.0\nfile: a.zip', "such as '1.0' in quotes"],
    ["application: a\nversion: '1'\nfile: a.tar", 'a zip archive'],
    ["application: a\nversion: '1'\nfile: a.zip\ndefault: maybe", 'true or false'],
    ["application: a\nversion: '1'\nfile: a.zip\nname: b", 'has no name'],
  ])('says what is wrong with %j', (text, said) => {
    expect(() => readDocuments(`kind: applicationPackage\n${text}\n`, 'f.yaml')).toThrow(said);
  });
});

describe('azb delete', () => {
  it('goes on after one that is gone', async () => {
    const stub = await stubbed(({ path }) =>
      path === '/jobs/a' ? { status: 202 } : { status: 404, body: errorBody('JobNotFound', 'No such job.') },
    );
    const { context, stdout, stderr } = contextOver(stub.port);
    expect(await deleteByIds(argumentsOf('delete', 'jobs', 'b', 'c', 'a', '--yes'), context)).toBe(1);
    expect(stdout.text()).toBe('job/a deleted\n');
    // The next step is the same for both.
    expect(stderr.text()).toBe(
      'azb: job/b: No such job. (JobNotFound)\n  try: :jobs, or azb get jobs, lists those that there are\n' +
        'azb: job/c: No such job. (JobNotFound)\n',
    );
  });

  it('has some requests under way at a time, and tells of them in the order given', async () => {
    const ids = Array.from({ length: 20 }, (_, number) => `t${number}`);
    const underWay: (() => void)[] = [];
    let most = 0;
    const act = () =>
      new Promise<void>((resolve) => {
        underWay.push(resolve);
        most = Math.max(most, underWay.length);
        // The last one that came is answered first, as soon as no more come.
        setImmediate(() => underWay.pop()?.());
      });
    const { context, stdout } = contextOver(scriptedPort({ act }));
    expect(await deleteByIds(argumentsOf('delete', 'tasks', ...ids, '-j', 'j', '-y'), context)).toBe(0);
    expect(stdout.text()).toBe(ids.map((id) => `task/${id} deleted\n`).join(''));
    expect(most).toBe(8);
  });

  it('says how to delete, and not how to look, where the place is missing', async () => {
    const { context } = contextOver(scriptedPort());
    await expect(deleteByIds(argumentsOf('delete', 'tasks', 't', '-y'), context)).rejects.toMatchObject({
      message: 'tasks need a job',
      next: 'azb delete task ID… --job JOB',
    });
  });

  it('removes nodes in one call, since the pool takes no second', async () => {
    const stub = await stubbed(() => ({ status: 202 }));
    const { context } = contextOver(stub.port);
    expect(await deleteByIds(argumentsOf('delete', 'nodes', 'n', 'm', '-p', 'p', '-y'), context)).toBe(0);
    expect(stub.seen.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      ['/pools/p/removenodes', { nodeList: ['n', 'm'] }],
    ]);
  });

  it('deletes applications where accounts are managed, alone, with their versions, or one version', async () => {
    const management = scriptedManagement();
    const { context, stdout } = contextOver(joinPorts(scriptedPort(), management));
    const run = (...words: string[]) =>
      deleteByIds(argumentsOf('delete', 'application', 'tool', '-y', ...words), context);
    expect([await run(), await run('--all-versions'), await run('--version', '1.0')]).toEqual([0, 0, 0]);
    const scope = { account: 'contoso' };
    const operation = { resource: 'applications', action: 'delete', scope, id: 'tool' };
    expect(management.calls.filter(({ method }) => method === 'act').map(({ args }) => args[0])).toEqual([
      operation,
      { ...operation, args: { versions: 'go with it' } },
      { ...operation, action: 'deleteVersion', args: { version: '1.0' } },
    ]);
    expect(stdout.text()).toBe(
      'application/tool deleted\napplication/tool deleted\napplication/tool 1.0 deleted\n',
    );
    await expect(run('--version', '1', '--all-versions')).rejects.toThrow('exclude each other');
    await expect(
      deleteByIds(argumentsOf('delete', 'pool', 'p', '-y', '--version', '1'), context),
    ).rejects.toThrow('pools have no versions');
  });

  it('does nothing unasked, or to what cannot be deleted', async () => {
    const stub = await stubbed(() => ({ status: 202 }));
    const { context } = contextOver(stub.port);
    await expect(deleteByIds(argumentsOf('delete', 'pools', 'p'), context)).rejects.toMatchObject({
      next: /--yes/,
    });
    await expect(deleteByIds(argumentsOf('delete', 'images', 'i', '-y'), context)).rejects.toThrow(
      /cannot be deleted/,
    );
    expect(stub.seen).toEqual([]);
  });
});
