import { afterEach, expect, it } from 'vitest';
import { type Stub, startStub } from '../../support/stub-service.ts';

const NEVER = new AbortController().signal;
const stubs: Stub[] = [];
afterEach(async () => {
  await Promise.all(stubs.splice(0).map((stub) => stub.close()));
});

it('groups the first pages of failed tasks only, and says so', async () => {
  const stub = await startStub(({ path, headers }, count) =>
    path.endsWith('/nodes')
      ? { body: { value: [{ id: 'n1', state: 'idle', totalTasksRun: 5, totalTasksSucceeded: 5 }] } }
      : {
          body: {
            value: [
              { id: `t${count}`, nodeInfo: { poolId: 'p', nodeId: 'n1' }, executionInfo: { exitCode: 1 } },
            ],
            'odata.nextLink': `http://${headers.host}/jobs/j/tasks?$skiptoken=${count}`,
          },
        },
  );
  stubs.push(stub);
  const { rows, note } = await stub.port.listPage('failures', { job: 'j' }, {}, NEVER);
  expect(rows[0]).toMatchObject({ by: 'exit code', value: '1', count: 10 });
  expect(note).toBe('of the first 10 failed tasks');
  expect(stub.seen).toHaveLength(11);
});
