import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import type { BatchConnection } from '../../src/api/batch.ts';
import { resourceNamed } from '../../src/resources/registry.ts';
import { selectOf } from '../../src/store/sources/feed-reader.ts';
import { portTo, startFast, until } from './support.ts';

const signal = new AbortController().signal;
let emulator: Emulator;
let port: BatchConnection;

/** The ids of a list, page by page, as the screen asks for them. */
async function idsOf(resource: string): Promise<string[]> {
  const { idOf } = resourceNamed(resource);
  const ids: string[] = [];
  let next: string | undefined;
  do {
    const query = { select: selectOf(resourceNamed(resource)), ...(next === undefined ? {} : { next }) };
    const page = await port.listPage(resource, {}, query, signal);
    ids.push(...page.rows.map(idOf));
    next = page.next;
  } while (next !== undefined);
  return ids.sort();
}

beforeAll(async () => {
  emulator = await startFast({ speed: 1000 });
  port = portTo(emulator);
  await port.add(
    'pools',
    {},
    {
      id: 'p',
      vmSize: 'Standard_A1_v2',
      targetDedicatedNodes: 1,
      taskSlotsPerNode: 4,
      virtualMachineConfiguration: {
        imageReference: { publisher: 'canonical', offer: 'ubuntuserver', sku: '16.04-LTS' },
        nodeAgentSKUId: 'batch.node.ubuntu 16.04',
      },
    },
    signal,
  );
  const tasks = {
    one: [
      { id: 'bad', commandLine: 'false' },
      { id: 'well', commandLine: 'true' },
    ],
    two: [{ id: 'bad', commandLine: 'false' }],
    three: [{ id: 'long', commandLine: 'sleep 600' }],
  };
  for (const [id, bodies] of Object.entries(tasks)) {
    await port.add('jobs', {}, { id, poolInfo: { poolId: 'p' } }, signal);
    await port.addTasks(id, bodies, signal);
  }
});
afterAll(() => emulator.close());

it('those that failed and those that run are found in all jobs', async () => {
  const failed = await until(
    () => idsOf('failedtasks'),
    (ids) => ids.length === 2,
  );
  expect(failed).toEqual(['one/bad', 'two/bad']);
  const running = await until(
    () => idsOf('runningtasks'),
    (ids) => ids.length === 1,
  );
  expect(running).toEqual(['three/long']);
});

it('one of them is got whole, and deleted from its own job', async () => {
  await until(
    () => idsOf('failedtasks'),
    (ids) => ids.includes('two/bad'),
  );
  const operation = { resource: 'failedtasks', action: 'delete', scope: {}, id: 'two/bad' };
  expect(await port.get('failedtasks', {}, 'two/bad', signal)).toMatchObject({
    jobId: 'two',
    id: 'bad',
    commandLine: 'false',
  });
  await port.act(operation, signal);
  expect(await idsOf('failedtasks')).toEqual(['one/bad']);
  await expect(port.get('tasks', { job: 'two' }, 'bad', signal)).rejects.toMatchObject({ status: 404 });
});
