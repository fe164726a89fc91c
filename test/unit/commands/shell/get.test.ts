import { afterEach, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { get } from '../../../../src/commands/shell/get.ts';
import type { Settings } from '../../../../src/config/settings.ts';
import { errorBody, type Stub, type StubHandler, startStub } from '../../../support/stub-service.ts';
import { argumentsOf, contextOver } from './support.ts';

const stubs: Stub[] = [];
afterEach(async () => {
  await Promise.all(stubs.splice(0).map((stub) => stub.close()));
});

async function run(
  handler: StubHandler,
  argv: string[],
  isTerminal = false,
  settings: Partial<Settings> = {},
) {
  const stub = await startStub(handler);
  stubs.push(stub);
  const { context, stdout, stderr } = contextOver(stub.port, { isTerminal, settings });
  const code = await get(argumentsOf('get', ...argv), context);
  return { code, out: stdout.text(), err: stderr.text(), seen: stub.seen };
}

/** Two pages of tasks; the second is there only for whoever follows the link. */
function twoPages(): StubHandler {
  return ({ query, headers }) =>
    query.has('$skiptoken')
      ? { body: { value: [{ id: 'a-task-with-a-long-id', state: 'running' }] } }
      : {
          body: {
            value: [
              { id: 't1', state: 'active', commandLine: 'say "hi", twice' },
              { id: 't2', state: 'completed' },
            ],
            'odata.nextLink': `http://${headers.host}/jobs/j/tasks?$skiptoken=1`,
          },
        };
}

it('prints a table whose widths come from the first page', async () => {
  const { code, out } = await run(twoPages(), ['tasks', '-j', 'j']);
  const lines = out.split('\n');
  expect(code).toBe(0);
  expect(lines[0]).toMatch(/^ID {3}STATE {7}/);
  expect(lines[1]).toMatch(/^t1 {3}active {6}/);
  expect(lines[3]).toMatch(/^a-task-with-a-long-id {3}running/);
});

it('prints a page before it asks for the next', async () => {
  const order: string[] = [];
  const pages = twoPages();
  const stub = await startStub((request, count) => {
    order.push(`page ${count}`);
    return pages(request, count);
  });
  stubs.push(stub);
  const { context } = contextOver(stub.port);
  const stdout = {
    isTerminal: false,
    write: async (text: string | Uint8Array) => void order.push(`wrote ${String(text).length > 0}`),
  };
  await get(argumentsOf('get', 'tasks', '-j', 'j', '-o', 'name'), { ...context, stdout });
  expect(order).toEqual(['page 1', 'wrote true', 'page 2', 'wrote true']);
});

it('asks only for the properties that it shows', async () => {
  const { seen } = await run(() => ({ body: { value: [] } }), ['pools']);
  const select = seen[0]?.query.get('$select')?.split(',') ?? [];
  expect(select).toContain('allocationState');
  expect(select).not.toContain('virtualMachineConfiguration');
  const whole = await run(() => ({ body: { value: [] } }), ['pools', '-o', 'json']);
  expect(whole.seen[0]?.query.has('$select')).toBe(false);
});

it('prints JSON that is one array over all pages', async () => {
  const { out } = await run(twoPages(), ['tasks', '-j', 'j', '-o', 'json']);
  expect((JSON.parse(out) as { id: string }[]).map(({ id }) => id)).toEqual([
    't1',
    't2',
    'a-task-with-a-long-id',
  ]);
  const empty = await run(() => ({ body: { value: [] } }), ['pools', '-o', 'json']);
  expect(JSON.parse(empty.out)).toEqual([]);
});

it('prints YAML that is one sequence over all pages', async () => {
  const { out } = await run(twoPages(), ['tasks', '-j', 'j', '-o', 'yaml']);
  expect((parseYaml(out) as { id: string }[]).map(({ id }) => id)).toEqual([
    't1',
    't2',
    'a-task-with-a-long-id',
  ]);
});

it('prints one entity alone', async () => {
  const entity = { id: 'p', stateTransitionTime: '2022-11-29T22:17:29.5563921Z' };
  const json = await run(() => ({ body: entity }), ['pool', 'p', '-o', 'json']);
  expect(JSON.parse(json.out)).toEqual(entity);
  expect(json.seen[0]?.path).toBe('/pools/p');
  const yaml = await run(() => ({ body: entity }), ['pool', 'p', '-o', 'yaml']);
  expect(parseYaml(yaml.out)).toEqual(entity);
});

it('prints CSV with quotes where they are needed', async () => {
  const { out } = await run(twoPages(), ['tasks', '-j', 'j', '-o', 'csv']);
  const lines = out.split('\r\n');
  expect(lines[0]?.split(',').slice(0, 2)).toEqual(['id', 'state']);
  expect(lines[1]).toContain('"say ""hi"", twice"');
  expect(lines).toHaveLength(5);
});

it('stops at the limit without asking for more', async () => {
  const { out, seen } = await run(twoPages(), ['tasks', '-j', 'j', '-o', 'name', '--limit', '2']);
  expect(out).toBe('t1\nt2\n');
  expect(seen).toHaveLength(1);
  expect(seen[0]?.query.get('maxresults')).toBe('2');
});

it('passes the filter on', async () => {
  const { seen } = await run(() => ({ body: { value: [] } }), ['jobs', '--filter', "state eq 'active'"]);
  expect(seen[0]?.query.get('$filter')).toBe("state eq 'active'");
});

it('says that nothing is there, apart from the output', async () => {
  const { out, err, code } = await run(() => ({ body: { value: [] } }), ['pools']);
  expect([out, err, code]).toEqual(['', 'no pools found\n', 0]);
});

it('lets nothing from the service act on the terminal', async () => {
  const hostile: StubHandler = () => ({
    body: { value: [{ id: 'x\u001b]0;owned\u0007\u009b2J', state: 'active' }] },
  });
  for (const format of ['table', 'wide', 'name']) {
    const { out } = await run(hostile, ['pools', '-o', format], true);
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  }
});

it.each([
  [['tasks'], /tasks need a job/, 'azb get tasks --job JOB, or azb get failedtasks, or azb get runningtasks'],
  [['files', '-j', 'j'], /files need a job and a task, or a pool and a node/, undefined],
  [['pools', '-j', 'j'], /not asked for by job/, 'azb get pools'],
  [['pols'], /no resource pols/, 'azb get pools'],
  [['pools', '-o', 'jsn'], /no output format jsn/, '-o json'],
  [['pools', '--limit', '0'], /at least 1/, undefined],
])('azb get %j says what is wrong', async (argv, message, next) => {
  const refused = run(() => ({}), argv);
  await expect(refused).rejects.toMatchObject({
    message,
    exitCode: 2,
    ...(next === undefined ? {} : { next }),
  });
});

it('prints the tasks of all jobs as they are found, with their jobs', async () => {
  const service: StubHandler = ({ path }) => {
    if (path === '/jobs') return { body: { value: [{ id: 'render' }, { id: 'well' }] } };
    if (path.endsWith('/taskcounts'))
      return { body: { taskCounts: { failed: path.includes('render') ? 1 : 0 }, taskSlotCounts: {} } };
    return { body: { value: [{ id: 'frame1', state: 'completed', executionInfo: { exitCode: 3 } }] } };
  };
  const table = await run(service, ['failed']);
  expect(table.out).toMatch(/^ID +JOB +EXIT/);
  expect(table.out).toMatch(/frame1 +render +3/);
  expect(table.err).toBe('');
  const names = await run(service, ['failed', '-o', 'name']);
  expect(names.out).toBe('render/frame1\n');
});

it('prints what the nodes of pools cost an hour, wide and where there are prices', async () => {
  const pool = { id: 'p', vmSize: 'Standard_A1_v2', currentDedicatedNodes: 3 };
  const service: StubHandler = () => ({ body: { value: [pool] } });
  const prices = { currency: 'EUR', sizes: { standard_a1_v2: { dedicated: 0.04 } } };
  const wide = await run(service, ['pools', '-o', 'wide'], false, { prices });
  expect(wide.out).toMatch(/VM-SIZE +EUR\/H +SLOTS.*\n.*Standard_A1_v2 +0\.12 /);
  expect((await run(service, ['pools'], false, { prices })).out).not.toContain('EUR');
  expect((await run(service, ['pools', '-o', 'wide'])).out).not.toContain('EUR');
});

it('prints of several ids those that are there, and names each that is not', async () => {
  const service: StubHandler = ({ path }) =>
    path.startsWith('/pools/no')
      ? { status: 404, body: errorBody('PoolNotFound', 'No such pool.') }
      : { body: { id: path.slice('/pools/'.length), state: 'active' } };
  const { code, out, err } = await run(service, ['pools', 'none', 'p', 'nothing', 'q', '-o', 'name']);
  expect([code, out]).toEqual([1, 'p\nq\n']);
  expect(err).toMatch(/^azb: pool\/none: No such pool\..*\n {2}try: .*\nazb: pool\/nothing: No such pool\./);
  await expect(run(service, ['pools', 'none'])).rejects.toThrow('No such pool.');
});

it('refuses what would be of no effect on a list', async () => {
  for (const [argv, message] of [
    [['vmsizes', '--filter', "name eq 'x'"], 'vmsizes have no --filter'],
    [['quotas', '--prefix', 'standard'], 'quotas have no --prefix'],
    [['pools', '--recursive'], 'pools have no --recursive'],
  ] as const) {
    await expect(run(twoPages(), [...argv])).rejects.toThrow(message);
  }
});
