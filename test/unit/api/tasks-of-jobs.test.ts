import { afterEach, describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/resources/types.ts';
import { type SeenRequest, type Stub, type StubHandler, startStub } from '../../support/stub-service.ts';

const NEVER = new AbortController().signal;
const stubs: Stub[] = [];
afterEach(async () => {
  await Promise.all(stubs.splice(0).map((stub) => stub.close()));
});

/** Jobs with so many failed and running tasks; `gone` was deleted since it was listed. */
const JOBS = [
  { id: 'old', creationTime: '2026-03-01T10:00:00Z', failed: 1, running: 0 },
  { id: 'well', creationTime: '2026-03-02T10:00:00Z', failed: 0, running: 2 },
  { id: 'new', creationTime: '2026-03-03T10:00:00Z', failed: 3, running: 0 },
  { id: 'gone', creationTime: '2026-03-02T11:00:00Z', failed: 1, running: 1 },
];

/** Two tasks a page. */
const service: StubHandler = ({ path, query, headers }) => {
  if (path === '/jobs')
    return { body: { value: JOBS.map(({ id, creationTime }) => ({ id, creationTime })) } };
  const [, , id = '', what] = path.split('/');
  const job = JOBS.find((known) => known.id === id);
  if (job === undefined || id === 'gone') return { status: 404, body: { code: 'JobNotFound' } };
  if (what === 'taskcounts')
    return { body: { taskCounts: { failed: job.failed, running: job.running }, taskSlotCounts: {} } };
  const number = query.get('$filter')?.includes('running') === true ? job.running : job.failed;
  const from = Number(query.get('$skiptoken') ?? 0);
  const ids = Array.from({ length: number }, (_, index) => ({ id: `t${index + 1}` }));
  const link = `http://${headers.host}${path}?$skiptoken=${from + 2}`;
  return {
    body: { value: ids.slice(from, from + 2), ...(from + 2 < number ? { 'odata.nextLink': link } : {}) },
  };
};

async function readAll(
  resource: string,
  handler: StubHandler = service,
  select?: readonly string[],
  scope: Scope = {},
) {
  const stub = await startStub(handler);
  stubs.push(stub);
  const pages = [];
  let next: string | undefined;
  do {
    const query = { ...(select === undefined ? {} : { select }), ...(next === undefined ? {} : { next }) };
    const page = await stub.port.listPage(resource, scope, query, NEVER);
    pages.push(page);
    next = page.next;
  } while (next !== undefined);
  return { pages, rows: pages.flatMap(({ rows }) => rows), seen: stub.seen, port: stub.port };
}

const lists = (seen: readonly SeenRequest[]) => seen.filter(({ path }) => path.endsWith('/tasks'));

describe('the tasks of all jobs', () => {
  it('are asked for job by job, the newest first, of those that count any', async () => {
    const { rows, seen } = await readAll('failedtasks');
    expect(rows).toEqual([
      { jobId: 'new', id: 't1' },
      { jobId: 'new', id: 't2' },
      { jobId: 'old', id: 't1' },
      { jobId: 'new', id: 't3' },
    ]);
    const paths = lists(seen).map(({ path }) => path);
    expect(paths.sort()).toEqual(['/jobs/new/tasks', '/jobs/new/tasks', '/jobs/old/tasks']);
    expect(lists(seen)[0]?.query.get('$filter')).toBe(
      "state eq 'completed' and executionInfo/result eq 'failure'",
    );
    // The list of jobs, a count of each, and the tasks of those that have some.
    expect(seen).toHaveLength(1 + 4 + 3);
  });

  it('come from every job before more of one that has many, which may be all that can be held', async () => {
    const jobs = Array.from({ length: 9 }, (_, number) => ({ id: `j${number}` }));
    const { rows, pages } = await readAll('failedtasks', ({ path, query, headers }) => {
      const job = path.split('/')[2] ?? '';
      if (path === '/jobs') return { body: { value: jobs } };
      if (path.endsWith('/taskcounts')) return { body: { taskCounts: { failed: 1 }, taskSlotCounts: {} } };
      const page = Number(query.get('$skiptoken') ?? 0);
      const link = `http://${headers.host}${path}?$skiptoken=${page + 1}`;
      const isMore = job === 'j0' && page < 2;
      return { body: { value: [{ id: `t${page}` }], ...(isMore ? { 'odata.nextLink': link } : {}) } };
    });
    expect(rows.map((row) => (row as { jobId?: string }).jobId).join(' ')).toBe(
      'j0 j1 j2 j3 j4 j5 j6 j7 j8 j0 j0',
    );
    expect(pages.at(-2)?.progress).toBe('8 of 9 jobs');
    expect(pages.at(-1)?.progress).toBe('of 9 jobs');
  });

  it('of one job are asked for there, and no other job is counted', async () => {
    const { rows, seen } = await readAll('failedtasks', service, undefined, { job: 'new' });
    expect(rows).toEqual(['t1', 't2', 't3'].map((id) => ({ jobId: 'new', id })));
    expect(seen.map(({ path }) => path)).toEqual([
      '/jobs/new/taskcounts',
      '/jobs/new/tasks',
      '/jobs/new/tasks',
    ]);
    expect((await readAll('failedtasks', service, undefined, { job: 'gone' })).rows).toEqual([]);
  });

  it('say how far the list has come, and at its end of how many jobs it is', async () => {
    const { pages } = await readAll('failedtasks');
    expect(pages.map(({ progress }) => progress)).toEqual(['0 of 4 jobs', '3 of 4 jobs', 'of 4 jobs']);
    expect(pages.map(({ note }) => note)).toEqual([undefined, undefined, undefined]);
  });

  it('that run are those of jobs that have not completed', async () => {
    const { rows, seen } = await readAll('runningtasks');
    expect(rows).toEqual([
      { jobId: 'well', id: 't1' },
      { jobId: 'well', id: 't2' },
    ]);
    expect(seen[0]?.query.get('$filter')).toBe("state ne 'completed'");
    expect(lists(seen)[0]?.query.get('$filter')).toBe("(state eq 'running' or state eq 'preparing')");
  });

  it('are asked for without what the service does not know of a task', async () => {
    const { seen } = await readAll('failedtasks', service, ['id', 'jobId', 'nodeInfo']);
    expect(lists(seen)[0]?.query.get('$select')).toBe('id,nodeInfo');
  });

  it('are those of five hundred jobs at most, which is said', async () => {
    const many = Array.from({ length: 600 }, (_, number) => ({ id: `j${number}` }));
    const { pages, seen } = await readAll('failedtasks', ({ path }) => ({
      body: path === '/jobs' ? { value: many } : { taskCounts: {}, taskSlotCounts: {} },
    }));
    expect(seen).toHaveLength(501);
    expect(pages.at(-1)?.note).toBe('of the newest 500 of 600 jobs');
  });

  it('are none where there is no job, after one request', async () => {
    const { rows, pages, seen } = await readAll('failedtasks', () => ({ body: { value: [] } }));
    expect(rows).toEqual([]);
    expect(pages.at(-1)?.progress).toBe('of 0 jobs');
    expect(seen).toHaveLength(1);
  });

  it('are got and acted upon by job and task', async () => {
    const stub = await startStub(({ method }) =>
      method === 'GET' ? { body: { id: 't1' } } : { status: 204 },
    );
    stubs.push(stub);
    expect(await stub.port.get('failedtasks', {}, 'myjob/t1', NEVER)).toEqual({ jobId: 'myjob', id: 't1' });
    const operation = { resource: 'failedtasks', action: 'reactivate', scope: {}, id: 'myjob/t1' };
    await stub.port.act(operation, NEVER);
    expect(stub.seen.map(({ path }) => path)).toEqual([
      '/jobs/myjob/tasks/t1',
      '/jobs/myjob/tasks/t1/reactivate',
    ]);
    await expect(stub.port.get('failedtasks', {}, 't1', NEVER)).rejects.toMatchObject({ next: 'JOB/TASK' });
  });
});
