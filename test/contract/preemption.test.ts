import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { control } from './control.ts';
import { raw } from './raw.ts';
import { type BatchClient, clientFor, startFast, UBUNTU, until } from './support.ts';
import { TravellingClock } from './travelling-clock.ts';

describe('low-priority nodes', () => {
  const clock = new TravellingClock();
  let emulator: Emulator;
  let client: BatchClient;

  beforeAll(async () => {
    emulator = await startFast({ clock });
    client = clientFor(emulator);
    await client.pool.add({
      id: 'p',
      vmSize: 'standard_d1_v2',
      virtualMachineConfiguration: UBUNTU,
      targetLowPriorityNodes: 1,
      startTask: { commandLine: "/bin/sh -c 'echo $$'", waitForSuccess: true },
    });
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
  });
  afterAll(() => emulator.close());

  const node = async () => (await client.computeNode.list('p'))[0];
  const inState = (state: string) => until(node, (each) => each?.state === state);

  it('can be preempted: their tasks run again, on a node that comes back empty', async () => {
    const before = await inState('idle');
    expect(before?.id).toMatch(/_p$/);
    expect(before?.isDedicated).toBe(false);
    await client.task.add('j', {
      id: 't',
      commandLine: `/bin/sh -c 'cd "$AZ_BATCH_NODE_SHARED_DIR"; ls; touch left; echo ready; sleep 600'`,
    });
    const ready = () =>
      until(
        async () => (await raw(emulator, 'GET', '/jobs/j/tasks/t/files/stdout.txt')).text,
        (text) => text.endsWith('ready\n'),
      );
    await ready();

    await clock.hold(async () => {
      const answer = await control(emulator, 'POST', 'pools/p/preempt');
      expect(answer.status).toBe(202);
      expect(await answer.json()).toEqual({ preempted: [before?.id] });
      const preempted = await client.computeNode.get('p', before?.id ?? '');
      expect(preempted.state).toBe('preempted');
      const [counts] = await client.account.listPoolNodeCounts();
      expect(counts?.lowPriority).toMatchObject({ preempted: 1, total: 1 });
      const task = await client.task.get('j', 't');
      expect([task.state, task.executionInfo?.requeueCount]).toEqual(['active', 1]);
      expect((await client.pool.get('p')).currentLowPriorityNodes).toBe(1);
    });

    const after = await inState('running');
    expect(after?.id).toBe(before?.id);
    expect(after?.startTaskInfo?.startTime?.getTime()).toBeGreaterThan(
      before?.startTaskInfo?.startTime?.getTime() ?? Number.POSITIVE_INFINITY,
    );
    expect(await ready()).toBe('ready\n');
    await client.task.terminate('j', 't');
    await inState('idle');
  });

  it('are the only ones that can be', async () => {
    await client.pool.add({
      id: 'd',
      vmSize: 'standard_d1_v2',
      virtualMachineConfiguration: UBUNTU,
      targetDedicatedNodes: 1,
    });
    const [dedicated] = await until(
      () => client.computeNode.list('d'),
      (list) => list.length === 1,
    );
    expect(await (await control(emulator, 'POST', 'pools/d/preempt')).json()).toEqual({ preempted: [] });
    const named = await control(emulator, 'POST', `pools/d/preempt?node=${dedicated?.id}`);
    expect(named.status).toBe(409);
    expect((await control(emulator, 'POST', 'pools/none/preempt')).status).toBe(404);
  });
});

describe('nodes of a cloud service', () => {
  it('can be put up anew', async () => {
    const clock = new TravellingClock();
    const emulator = await startFast({ clock });
    const client = clientFor(emulator);
    try {
      await client.pool.add({
        id: 'c',
        vmSize: 'small',
        cloudServiceConfiguration: { osFamily: '5' },
        targetDedicatedNodes: 1,
      });
      const idle = () =>
        until(
          () => client.computeNode.list('c'),
          ([each]) => each?.state === 'idle',
        );
      const [node] = await idle();
      await clock.hold(async () => {
        const answer = await client.computeNode.reimage('c', node?.id ?? '');
        expect(answer._response.status).toBe(202);
        expect((await client.computeNode.get('c', node?.id ?? '')).state).toBe('reimaging');
      });
      const [again] = await idle();
      expect(again?.lastBootTime?.getTime()).toBeGreaterThan(node?.lastBootTime?.getTime() ?? 0);
    } finally {
      await emulator.close();
    }
  });
});
