import { afterEach, describe, expect, it } from 'vitest';
import { CredentialError, ServiceError, UnreachableError, UsageError } from '../../../src/lib/errors.ts';
import { errorBody, type Stub, type StubHandler, startStub } from '../../support/stub-service.ts';

const stubs: Stub[] = [];
async function stubbed(handler: StubHandler): Promise<Stub> {
  const stub = await startStub(handler);
  stubs.push(stub);
  return stub;
}
afterEach(async () => {
  await Promise.all(stubs.splice(0).map((stub) => stub.close()));
});

const never = new AbortController().signal;

describe('lists', () => {
  it('asks for the filter, the properties and the page size', async () => {
    const stub = await stubbed(() => ({ body: { value: [{ id: 'a' }] } }));
    const query = { filter: "id eq 'a'", select: ['id', 'state'], pageSize: 50 };
    const page = await stub.port.listPage('tasks', { job: 'j:1' }, query, never);
    expect(page.rows).toEqual([{ id: 'a' }]);
    expect(page.next).toBeUndefined();
    const [request] = stub.seen;
    expect(request?.path).toBe('/jobs/j%3A1/tasks');
    expect(Object.fromEntries(request?.query ?? [])).toEqual({
      $filter: "id eq 'a'",
      $select: 'id,state',
      maxresults: '50',
      'api-version': '2022-10-01.16.0',
    });
    expect(request?.headers['user-agent']).toMatch(/^azb\//);
  });

  it('gives the clock of the service', async () => {
    const date = 'Tue, 29 Nov 2022 22:17:29 GMT';
    const stub = await stubbed(() => ({ headers: { date }, body: { value: [] } }));
    const page = await stub.port.listPage('pools', {}, {}, never);
    expect(page.serverTime).toBe(Date.parse(date));
  });

  it('follows the link of a page as it is', async () => {
    const stub: Stub = await stubbed(({ query }) =>
      query.has('$skiptoken')
        ? { body: { value: [{ id: 'b' }] } }
        : {
            body: {
              value: [{ id: 'a' }],
              'odata.nextLink': `${stub.endpoint}/pools?$skiptoken=a%20b:1$1&maxresults=1`,
            },
          },
    );
    const first = await stub.port.listPage('pools', {}, { pageSize: 1 }, never);
    const second = await stub.port.listPage('pools', {}, { next: first.next ?? '' }, never);
    expect(second.rows).toEqual([{ id: 'b' }]);
    expect(stub.seen[1]?.query.get('$skiptoken')).toBe('a b:1$1');
  });

  it('never takes a link to another host', async () => {
    const other = await stubbed(() => ({ body: { value: [] } }));
    const stub = await stubbed(() => ({ body: { value: [] } }));
    const link = stub.port.listPage('pools', {}, { next: `${other.endpoint}/pools` }, never);
    await expect(link).rejects.toThrow(/not the endpoint/);
    expect([...stub.seen, ...other.seen]).toEqual([]);
  });

  it('never follows a redirect, which would carry the signature along', async () => {
    const other = await stubbed(() => ({ body: { value: [] } }));
    const stub = await stubbed(() => ({ status: 307, headers: { location: `${other.endpoint}/pools` } }));
    await expect(stub.port.listPage('pools', {}, {}, never)).rejects.toThrow(ServiceError);
    expect(other.seen).toEqual([]);
  });

  it('keeps to the limits of lists that have smaller pages or no $select', async () => {
    const stub = await stubbed(() => ({ body: { value: [] } }));
    await stub.port.listPage('nodecounts', {}, { select: ['poolId'] }, never);
    expect(stub.seen[0]?.query.get('maxresults')).toBe('10');
    expect(stub.seen[0]?.query.has('$select')).toBe(false);
  });

  it.each([
    ['nodes', { pool: 'p' }, '/pools/p/nodes'],
    ['files', { job: 'j', task: 't' }, '/jobs/j/tasks/t/files'],
    ['files', { pool: 'p', node: 'n' }, '/pools/p/nodes/n/files'],
    ['images', {}, '/supportedimages'],
    ['jobschedules', {}, '/jobschedules'],
  ])('finds the list of %s', async (resource, scope, path) => {
    const stub = await stubbed(() => ({ body: { value: [] } }));
    await stub.port.listPage(resource, scope, { recursive: true }, never);
    expect(stub.seen[0]?.path).toBe(path);
    expect(stub.seen[0]?.query.get('recursive')).toBe(resource === 'files' ? 'true' : null);
  });

  it('says what is missing when the scope is too wide', async () => {
    const stub = await stubbed(() => ({}));
    await expect(stub.port.listPage('tasks', {}, {}, never)).rejects.toThrow(UsageError);
    await expect(stub.port.listPage('cakes', {}, {}, never)).rejects.toThrow(/no resource of the name cakes/);
    expect(stub.seen).toEqual([]);
  });
});

describe('entities', () => {
  it('gives all that the service says, but not its metadata', async () => {
    const stub = await stubbed(() => ({
      body: {
        'odata.metadata': 'x',
        id: 'p',
        newMember: { deep: true },
        creationTime: '2022-11-29T22:17:29.5563921Z',
      },
    }));
    expect(await stub.port.get('pools', {}, 'p', never)).toEqual({
      id: 'p',
      newMember: { deep: true },
      creationTime: '2022-11-29T22:17:29.5563921Z',
    });
  });

  it('sends properties that it does not know', async () => {
    const stub = await stubbed(() => ({ status: 201 }));
    const body = { id: 'p', unheardOf: [1], resizeTimeout: 'PT15M' };
    await stub.port.add('pools', {}, body, never);
    expect(stub.seen[0]?.method).toBe('POST');
    expect(JSON.parse(stub.seen[0]?.body ?? '')).toEqual(body);
    expect(stub.seen[0]?.headers['content-type']).toMatch(/odata=minimalmetadata/);
  });

  it('changes only what is still as it was', async () => {
    const stub = await stubbed(() => ({}));
    await stub.port.update('jobs', {}, 'j', { priority: 5 }, '0x8DA', never);
    await stub.port.update('tasks', { job: 'j' }, 't', { constraints: {} }, undefined, never);
    expect(stub.seen.map(({ method, path, headers }) => [method, path, headers['if-match']])).toEqual([
      ['PATCH', '/jobs/j', '0x8DA'],
      ['PUT', '/jobs/j/tasks/t', undefined],
    ]);
  });

  it('counts tasks', async () => {
    const taskCounts = { active: 1, running: 2, completed: 3, succeeded: 2, failed: 1 };
    const stub = await stubbed(() => ({ body: { taskCounts, taskSlotCounts: { active: 4 } } }));
    const counts = await stub.port.taskCounts('j', never);
    expect(counts.tasks).toEqual(taskCounts);
    expect(counts.slots).toEqual({ active: 4, running: 0, completed: 0, succeeded: 0, failed: 0 });
  });
});

describe('actions', () => {
  const POOL = { resource: 'pools', scope: {}, id: 'p' };
  const NODE = { resource: 'nodes', scope: { pool: 'p' }, id: 'n' };
  const JOB = { resource: 'jobs', scope: {}, id: 'j' };
  const TASK = { resource: 'tasks', scope: { job: 'j' }, id: 't' };
  const FILE = { resource: 'files', scope: { job: 'j', task: 't' }, id: 'wd/a b' };
  const SCHEDULE = { resource: 'jobschedules', scope: {}, id: 's' };

  it.each([
    [POOL, 'delete', {}, 202, 'DELETE /pools/p', undefined],
    [
      POOL,
      'resize',
      { targetDedicatedNodes: '3', nodeDeallocationOption: 'terminate' },
      202,
      'POST /pools/p/resize',
      { targetDedicatedNodes: 3, nodeDeallocationOption: 'terminate' },
    ],
    [POOL, 'stopResize', {}, 202, 'POST /pools/p/stopresize', undefined],
    [
      POOL,
      'enableAutoScale',
      { autoScaleFormula: '$x=1' },
      200,
      'POST /pools/p/enableautoscale',
      { autoScaleFormula: '$x=1' },
    ],
    [POOL, 'disableAutoScale', {}, 200, 'POST /pools/p/disableautoscale', undefined],
    [NODE, 'delete', {}, 202, 'POST /pools/p/removenodes', { nodeList: ['n'] }],
    [NODE, 'delete', { nodeList: ['n', 'm'] }, 202, 'POST /pools/p/removenodes', { nodeList: ['n', 'm'] }],
    [
      NODE,
      'reboot',
      { nodeRebootOption: 'requeue' },
      202,
      'POST /pools/p/nodes/n/reboot',
      { nodeRebootOption: 'requeue' },
    ],
    [NODE, 'reimage', {}, 202, 'POST /pools/p/nodes/n/reimage', undefined],
    [NODE, 'disableScheduling', {}, 200, 'POST /pools/p/nodes/n/disablescheduling', undefined],
    [NODE, 'enableScheduling', {}, 200, 'POST /pools/p/nodes/n/enablescheduling', undefined],
    [JOB, 'delete', {}, 202, 'DELETE /jobs/j', undefined],
    [
      JOB,
      'terminate',
      { terminateReason: 'enough' },
      202,
      'POST /jobs/j/terminate',
      { terminateReason: 'enough' },
    ],
    [JOB, 'disable', { disableTasks: 'wait' }, 202, 'POST /jobs/j/disable', { disableTasks: 'wait' }],
    [JOB, 'enable', {}, 202, 'POST /jobs/j/enable', undefined],
    [TASK, 'delete', {}, 200, 'DELETE /jobs/j/tasks/t', undefined],
    [TASK, 'terminate', {}, 204, 'POST /jobs/j/tasks/t/terminate', undefined],
    [TASK, 'reactivate', {}, 204, 'POST /jobs/j/tasks/t/reactivate', undefined],
    [FILE, 'delete', {}, 200, 'DELETE /jobs/j/tasks/t/files/wd%2Fa%20b', undefined],
    [SCHEDULE, 'delete', {}, 202, 'DELETE /jobschedules/s', undefined],
    [SCHEDULE, 'terminate', {}, 202, 'POST /jobschedules/s/terminate', undefined],
    [SCHEDULE, 'disable', {}, 204, 'POST /jobschedules/s/disable', undefined],
    [SCHEDULE, 'enable', {}, 204, 'POST /jobschedules/s/enable', undefined],
  ])('%o %s', async (target, action, args, status, line, body) => {
    const stub = await stubbed(() => ({ status }));
    await stub.port.act({ ...target, action, args }, never);
    const [request] = stub.seen;
    expect(`${request?.method} ${request?.path}`).toBe(line);
    const sent: unknown = request?.body === '' ? undefined : JSON.parse(request?.body ?? '');
    // An optional parameter object without members is the same as none.
    expect(sent ?? {}).toEqual(body ?? {});
  });

  it('refuses arguments that mean nothing before it asks the service', async () => {
    const stub = await stubbed(() => ({}));
    const acts = [
      { ...POOL, action: 'resize', args: { targetDedicatedNodes: 'three' } },
      { ...JOB, action: 'disable', args: { disableTasks: 'maybe' } },
      { ...POOL, action: 'explode' },
    ];
    for (const act of acts) await expect(stub.port.act(act, never)).rejects.toThrow(UsageError);
    expect(stub.seen).toEqual([]);
  });

  it('gives the service a chance to say no, in its words', async () => {
    const stub = await stubbed(() => ({ status: 409, body: errorBody('PoolBeingDeleted', 'It is going.') }));
    const refusal = stub.port.act({ ...POOL, action: 'delete' }, never);
    await expect(refusal).rejects.toMatchObject({
      code: 'PoolBeingDeleted',
      message: 'It is going.',
      status: 409,
    });
  });
});

describe('adding tasks', () => {
  it('puts the answers in the order of the tasks', async () => {
    const stub = await stubbed(() => ({
      body: {
        value: [
          {
            taskId: 'c',
            status: 'ServerError',
            error: { code: 'ServerBusy', message: { value: 'busy\nRequestId:1' } },
          },
          { taskId: 'B', status: 'ClientError', error: { code: 'TaskExists', message: { value: 'exists' } } },
          { taskId: 'a', status: 'Success' },
        ],
      },
    }));
    const outcomes = await stub.port.addTasks(
      'j',
      [{ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'd' }],
      never,
    );
    expect(stub.seen[0]?.path).toBe('/jobs/j/addtaskcollection');
    expect(outcomes).toEqual([
      { id: 'a', ok: true },
      { id: 'b', ok: false, code: 'TaskExists', message: 'exists', retryable: false },
      { id: 'c', ok: false, code: 'ServerBusy', message: 'busy', retryable: true },
      {
        id: 'd',
        ok: false,
        code: 'NoAnswer',
        message: 'the service did not say what became of it',
        retryable: false,
      },
    ]);
  });

  it('tells two answers for one id apart', async () => {
    const stub = await stubbed(() => ({
      body: {
        value: [
          { taskId: 'a', status: 'Success' },
          { taskId: 'a', status: 'ClientError', error: { code: 'TaskExists', message: { value: 'exists' } } },
        ],
      },
    }));
    const outcomes = await stub.port.addTasks('j', [{ id: 'a' }, { id: 'a' }], never);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, false]);
  });

  it('sends no more than the service takes', async () => {
    const stub = await stubbed(() => ({}));
    const many = Array.from({ length: 101 }, (_, index) => ({ id: `t${index}` }));
    await expect(stub.port.addTasks('j', many, never)).rejects.toThrow(UsageError);
    expect(await stub.port.addTasks('j', [], never)).toEqual([]);
    expect(stub.seen).toEqual([]);
  });
});

describe('files', () => {
  const FILE = { kind: 'task', job: 'j', task: 't', path: 'wd/a.bin' } as const;
  const content = Uint8Array.from({ length: 256 }, (_, index) => index);

  function ranged(value: string | undefined): Uint8Array {
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(value ?? '') ?? [];
    return content.subarray(Number(start), Number(end) + 1);
  }

  it('reads exact bytes of a range, however the reply is numbered', async () => {
    for (const status of [200, 206]) {
      const stub = await stubbed(({ headers }) => ({ status, body: ranged(String(headers['ocp-range'])) }));
      const bytes = await stub.port.readFile(FILE, { start: 100, end: 140 }, never);
      expect(Array.from(bytes)).toEqual(Array.from(content.subarray(100, 140)));
      expect(stub.seen[0]?.path).toBe('/jobs/j/tasks/t/files/wd%2Fa.bin');
    }
  });

  it('cuts the answer of a service that ignores the range', async () => {
    const stub = await stubbed(() => ({ body: content }));
    const bytes = await stub.port.readFile(FILE, { start: 10, end: 12 }, never);
    expect(Array.from(bytes)).toEqual([10, 11]);
  });

  it('has nothing to read beyond the end', async () => {
    const stub = await stubbed(() => ({
      status: 416,
      body: errorBody('InvalidRange', 'The range is invalid.'),
    }));
    expect((await stub.port.readFile(FILE, { start: 300, end: 400 }, never)).byteLength).toBe(0);
    expect((await stub.port.readFile(FILE, { start: 5, end: 5 }, never)).byteLength).toBe(0);
    expect(stub.seen).toHaveLength(1);
  });

  it('gives the error of a file that is not there', async () => {
    const stub = await stubbed(() => ({ status: 404, body: errorBody('FileNotFound', 'No such file.') }));
    await expect(stub.port.readFile(FILE, { start: 0, end: 9 }, never)).rejects.toMatchObject({
      code: 'FileNotFound',
    });
    await expect(stub.port.statFile(FILE, never)).rejects.toMatchObject({
      code: 'FileNotFound',
      status: 404,
    });
  });

  it('knows size, times and kind', async () => {
    const modified = 'Tue, 29 Nov 2022 22:17:29 GMT';
    const stub = await stubbed(() => ({
      headers: {
        'content-length': '7',
        'content-type': 'text/plain',
        'last-modified': modified,
        'ocp-batch-file-isdirectory': 'False',
      },
    }));
    const node = { kind: 'node', pool: 'p', node: 'n', path: 'startup/stdout.txt' } as const;
    expect(await stub.port.statFile(node, never)).toEqual({
      size: 7,
      lastModified: new Date(modified),
      isDirectory: false,
      contentType: 'text/plain',
    });
    expect(stub.seen[0]?.method).toBe('HEAD');
    expect(stub.seen[0]?.path).toBe('/pools/p/nodes/n/files/startup%2Fstdout.txt');
  });
});

describe('what goes wrong', () => {
  it('says who was refused, and how to get the right key', async () => {
    const detail = { key: 'AuthenticationErrorDetail', value: 'The MAC signature did not match.' };
    const stub = await stubbed(() => ({
      status: 403,
      body: errorBody('AuthenticationFailed', 'No.', [detail]),
    }));
    const error: unknown = await stub.port
      .listPage('pools', {}, {}, never)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CredentialError);
    expect(error).toMatchObject({
      message: /refused the account name or its key: The MAC/,
      next: /keys list/,
    });
  });

  it('tells a wrong clock from a wrong key', async () => {
    const date = new Date(Date.now() - 20 * 60_000).toUTCString();
    const stub = await stubbed(() => ({
      status: 403,
      headers: { date },
      body: errorBody('AuthenticationFailed', 'No.'),
    }));
    const error: unknown = await stub.port
      .listPage('pools', {}, {}, never)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CredentialError);
    expect(error).toMatchObject({
      message: /your clock is 20 minutes ahead of the service's/,
      next: /set the clock/,
    });
  });

  it('does not repeat a request that was throttled, and says how long to wait', async () => {
    const stub = await stubbed(() => ({
      status: 503,
      headers: { 'retry-after': '7' },
      body: errorBody('ServerBusy', 'Busy.'),
    }));
    const refusal = stub.port.add('jobs', {}, { id: 'j' }, never);
    await expect(refusal).rejects.toMatchObject({ status: 503, code: 'ServerBusy', retryAfter: 7000 });
    await expect(
      stub.port.act({ resource: 'jobs', action: 'delete', scope: {}, id: 'j' }, never),
    ).rejects.toThrow();
    expect(stub.seen).toHaveLength(2);
  });

  it('gives the details that the service adds', async () => {
    const values = [{ key: 'PropertyName', value: 'vmSize' }];
    const stub = await stubbed(() => ({
      status: 400,
      headers: { 'request-id': 'r1' },
      body: errorBody('InvalidPropertyValue', 'One is wrong.', values),
    }));
    await expect(stub.port.add('pools', {}, {}, never)).rejects.toMatchObject({
      message: 'One is wrong.',
      details: values,
      requestId: 'r1',
    });
  });

  it('notices that it does not talk to Batch', async () => {
    const page = await stubbed(() => ({ status: 404, body: '<html>' }));
    await expect(page.port.listPage('pools', {}, {}, never)).rejects.toMatchObject({
      next: /check the endpoint/,
    });
    const site = await stubbed(() => ({ headers: { 'content-type': 'text/html' }, body: '<html>' }));
    await expect(site.port.listPage('pools', {}, {}, never)).rejects.toMatchObject({ code: 'InvalidReply' });
  });

  it('says that nobody listens', async () => {
    const stub = await startStub(() => ({}));
    await stub.close();
    const refusal = stub.port.listPage('pools', {}, {}, never);
    await expect(refusal).rejects.toThrow(UnreachableError);
    await expect(refusal).rejects.toMatchObject({ message: /refuses connections/, next: /azb emulator/ });
  });

  it('asks a read again when a kept connection broke, but never a change', async () => {
    const stub = await stubbed((_request, count) =>
      count === 1 ? { breaks: true } : { body: { value: [] } },
    );
    await stub.port.listPage('pools', {}, {}, never);
    expect(stub.seen).toHaveLength(2);
    const broken = await stubbed(() => ({ breaks: true }));
    await expect(broken.port.add('pools', {}, {}, never)).rejects.toThrow(UnreachableError);
    expect(broken.seen).toHaveLength(1);
  });

  it("rejects with the signal's reason when it is told to stop", async () => {
    const controller = new AbortController();
    const reason = new Error('left the view');
    const stub = await stubbed(() => {
      controller.abort(reason);
      return new Promise(() => {});
    });
    await expect(stub.port.listPage('pools', {}, {}, controller.signal)).rejects.toBe(reason);
    const acting = stub.port.act(
      { resource: 'pools', action: 'delete', scope: {}, id: 'p' },
      controller.signal,
    );
    await expect(acting).rejects.toBe(reason);
  });
});

it('counts its requests', async () => {
  const stub = await stubbed(() => ({ body: { value: [] } }));
  await stub.port.listPage('pools', {}, {}, never);
  await stub.port.listPage('jobs', {}, {}, never);
  expect(stub.port.meter.total).toBe(2);
  expect(stub.port.meter.perMinute()).toBe(2);
});

it('says who it is without a secret', async () => {
  const stub = await stubbed(() => ({}));
  expect(stub.port.account).toEqual({
    name: 'acct',
    endpoint: stub.endpoint,
    region: 'local',
    auth: 'shared key',
    source: 'test',
  });
});
