import { expect, it } from 'vitest';
import { createTrafficMeter } from '../../../src/api/traffic.ts';

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
