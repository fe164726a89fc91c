import { expect, it } from 'vitest';
import { createTrafficMeter, type Exchange, observed } from '../../../../src/api/wire/traffic.ts';

it('forgets requests older than a minute', () => {
  let now = 0;
  const meter = createTrafficMeter(() => now);
  meter.count();
  now = 30_000;
  meter.count();
  expect(meter.perMinute()).toBe(2);
  now = 60_000;
  expect(meter.perMinute()).toBe(1);
  now = 1_000_000;
  expect(meter.perMinute()).toBe(0);
  expect(meter.total).toBe(2);
});

it('tells of a request when it is answered and when it is not, without what gives permission in its URL', async () => {
  const told: Exchange[] = [];
  const request = { method: 'PUT', url: 'https://host/c/b?sv=1&sig=secret%3D&se=2' };
  const note = (exchange: Exchange) => told.push(exchange);
  expect(await observed(note, request, async () => ({ status: 201 }))).toEqual({ status: 201 });
  const broken = new Error('broken');
  await expect(observed(note, request, () => Promise.reject(broken))).rejects.toBe(broken);
  const url = 'https://host/c/b?sv=1&sig=…&se=2';
  expect(told).toMatchObject([
    { method: 'PUT', url, outcome: '201' },
    { method: 'PUT', url, outcome: 'broken' },
  ]);
});
