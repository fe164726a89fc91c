import { afterEach, expect, it } from 'vitest';
import { type Stub, startStub } from '../../support/stub-service.ts';

const NEVER = new AbortController().signal;
const stubs: Stub[] = [];
afterEach(async () => {
  await Promise.all(stubs.splice(0).map((stub) => stub.close()));
});

/** A time so many minutes ago, by the clock that the stub's answers carry. */
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

const NODES = () => [
  { id: 'n1', state: 'idle', stateTransitionTime: ago(30), allocationTime: ago(120), isDedicated: true },
  { id: 'n2', state: 'idle', stateTransitionTime: ago(5), allocationTime: ago(120), isDedicated: false },
  { id: 'n3', state: 'running', stateTransitionTime: ago(50), allocationTime: ago(60), isDedicated: true },
  { id: 'n4', state: 'unusable', stateTransitionTime: ago(50), allocationTime: ago(60), isDedicated: true },
];

it('counts the hours of the nodes that are there, and points out those that are idle for long', async () => {
  const stub = await startStub(({ path }) => ({
    body: {
      value: path.endsWith('/nodes')
        ? NODES()
        : [
            {
              id: 'p',
              vmSize: 'standard_a2_v2',
              enableAutoScale: true,
              currentDedicatedNodes: 3,
              currentLowPriorityNodes: 1,
            },
            { id: 'empty', vmSize: 'standard_a2_v2', currentDedicatedNodes: 0, currentLowPriorityNodes: 0 },
          ],
    },
  }));
  stubs.push(stub);
  const { rows, note } = await stub.port.listPage('nodehours', {}, {}, NEVER);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    pool: 'p',
    isAutoscaled: true,
    nodes: 4,
    spot: 1,
    idle: 2,
    idleLong: 1,
    useless: 1,
    hours: expect.closeTo(6, 1),
    idleHours: expect.closeTo(35 / 60, 1),
  });
  expect(note).toBeUndefined();
  // Pools without nodes are not asked for any.
  expect(stub.seen).toHaveLength(2);
});

it('leaves out a pool that was deleted since it was listed', async () => {
  const pools = ['gone', 'p'].map((id) => ({ id, currentDedicatedNodes: 4 }));
  const stub = await startStub(({ path }) => {
    if (path === '/pools/gone/nodes') return { status: 404, body: { code: 'PoolNotFound' } };
    return { body: { value: path.endsWith('/nodes') ? NODES() : pools } };
  });
  stubs.push(stub);
  const { rows } = await stub.port.listPage('nodehours', {}, {}, NEVER);
  expect(rows).toMatchObject([{ pool: 'p', nodes: 4 }]);
});

it('looks at fifty pools at most, and says so', async () => {
  const pools = Array.from({ length: 60 }, (_, number) => ({ id: `p${number}`, currentDedicatedNodes: 1 }));
  const stub = await startStub(({ path }) => ({ body: { value: path.endsWith('/nodes') ? [] : pools } }));
  stubs.push(stub);
  const { rows, note } = await stub.port.listPage('nodehours', {}, {}, NEVER);
  expect(rows).toHaveLength(50);
  expect(note).toBe('of 50 of 60 pools with nodes');
  expect(stub.seen).toHaveLength(51);
});

/** A service with so many pages of two pools, the second of which has a node. */
async function startPages(pages: number) {
  const stub = await startStub(({ path, query }) => {
    if (path.endsWith('/nodes')) return { body: { value: NODES() } };
    const number = Number(query.get('skip') ?? 0);
    const value = [{ id: `empty${number}` }, { id: `p${number}`, currentDedicatedNodes: 1 }];
    const next = number + 1 < pages ? { 'odata.nextLink': `${stub.endpoint}/pools?skip=${number + 1}` } : {};
    return { body: { value, ...next } };
  });
  stubs.push(stub);
  return stub;
}

it('looks at pools of later pages, too', async () => {
  const stub = await startPages(3);
  const { rows, note } = await stub.port.listPage('nodehours', {}, {}, NEVER);
  expect(rows.map((row) => (row as { pool: string }).pool)).toEqual(['p0', 'p1', 'p2']);
  expect(note).toBeUndefined();
});

it('reads ten pages of pools at most, and says that there are more', async () => {
  const stub = await startPages(11);
  const { rows, note } = await stub.port.listPage('nodehours', {}, {}, NEVER);
  expect(rows).toHaveLength(10);
  expect(note).toBe('of the first 20 pools');
});
