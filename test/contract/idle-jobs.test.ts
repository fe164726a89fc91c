import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { raw } from './raw.ts';
import { startFast, until } from './support.ts';

describe('a job without tasks that is to end with them', () => {
  const definition = JSON.stringify({
    id: 'empty',
    poolInfo: { poolId: 'absent' },
    onAllTasksComplete: 'terminatejob',
  });
  const ended = (emulator: Emulator) =>
    until(
      async () => (await raw(emulator, 'GET', '/jobs/empty')).json,
      ({ state }) => state === 'completed',
    );

  it('is active when it is added, and ends a while later', async () => {
    const emulator = await startFast();
    const added = await raw(emulator, 'POST', '/jobs', { body: definition });
    expect((await raw(emulator, 'GET', '/jobs/empty')).json).toMatchObject({
      state: 'active',
      eTag: added.headers.etag,
    });
    expect(await ended(emulator)).toMatchObject({
      executionInfo: { terminateReason: 'AllTasksComplete' },
    });
    await emulator.close();
  });

  it('ends although the emulator was started anew meanwhile', async () => {
    const data = await mkdtemp(join(tmpdir(), 'azb-idle-'));
    const slow = await startFast({ data, speed: 0.01 });
    await raw(slow, 'POST', '/jobs', { body: definition });
    await slow.close();
    const emulator = await startFast({ data });
    expect(await ended(emulator)).toMatchObject({ executionInfo: { terminateReason: 'AllTasksComplete' } });
    await emulator.close();
    await rm(data, { recursive: true, force: true });
  });
});
