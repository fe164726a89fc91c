import { afterEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { raw } from './raw.ts';
import { startFast, UBUNTU } from './support.ts';

describe('--fault', () => {
  let emulator: Emulator | undefined;
  const start = async (fault: string) => {
    emulator = await startFast({ fault });
    return emulator;
  };
  afterEach(() => emulator?.close());

  it('refuses with and without Retry-After, at a rate', async () => {
    const service = await start('Pool_List:429+7@1/2,Job_List:503');
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await raw(service, 'GET', '/pools')).status);
    expect(statuses).toEqual([200, 429, 200, 429]);
    expect((await raw(service, 'GET', '/pools')).headers['retry-after']).toBeUndefined();
    expect((await raw(service, 'GET', '/pools')).headers['retry-after']).toBe('7');
    const busy = await raw(service, 'GET', '/jobs');
    expect([busy.status, busy.json.code]).toEqual([503, 'ServerBusy']);
    expect(busy.headers['retry-after']).toBeUndefined();
  });

  it('does what it was asked, and denies it', async () => {
    const service = await start('Pool_Add:lose');
    const body = JSON.stringify({ id: 'p', vmSize: 'standard_d1', virtualMachineConfiguration: UBUNTU });
    expect((await raw(service, 'POST', '/pools', { body })).status).toBe(500);
    expect((await raw(service, 'GET', '/pools/p')).status).toBe(200);
  });

  it('breaks connections, before and in the middle of an answer', async () => {
    const service = await start('Pool_List:drop,Account_ListSupportedImages:truncate');
    await expect(raw(service, 'GET', '/pools')).rejects.toThrow();
    await expect(raw(service, 'GET', '/supportedimages')).rejects.toThrow();
    expect((await raw(service, 'GET', '/jobs')).status).toBe(200);
  });

  it('takes its time, and keeps nobody who stops it', async () => {
    const service = await start('Pool_List:latency=3600000,Job_List:latency=20');
    const waiting = raw(service, 'GET', '/pools').catch((error: Error) => error.message);
    expect((await raw(service, 'GET', '/jobs')).status).toBe(200);
    await service.close();
    emulator = undefined;
    expect(await waiting).toContain('hang up');
  });
});
