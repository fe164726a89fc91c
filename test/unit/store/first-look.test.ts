import { describe, expect, test } from 'vitest';
import { EMPTY_FEED } from '../../../src/store/app-store.ts';
import { untilFirstAnswer } from '../../../src/store/first-look.ts';
import { steps, storeKit } from '../../support/store-kit.ts';

function waiting(meter?: { total: number }) {
  const { store, timing } = storeKit();
  const traffic = meter === undefined ? undefined : Object.assign(meter, { perMinute: () => meter.total });
  let isOver = false;
  void untilFirstAnswer(store, traffic, timing).then(() => {
    isOver = true;
  });
  const pass = (milliseconds: number) => timing.pass(milliseconds, steps);
  return { store, pass, isOver: () => isOver };
}

describe('what takes long to load waits', () => {
  test('until the first rows are there', async () => {
    const { store, isOver } = waiting({ total: 1 });
    await steps();
    expect(isOver()).toBe(false);
    store.setState({ feeds: { pools: { ...EMPTY_FEED, updatedAt: 1 } } });
    await steps();
    expect(isOver()).toBe(true);
  });

  test('until the service was asked, and a moment more', async () => {
    const meter = { total: 0 };
    const { pass, isOver } = waiting(meter);
    await pass(50);
    expect(isOver()).toBe(false);
    meter.total = 1;
    await pass(24);
    expect(isOver()).toBe(false);
    await pass(26);
    expect(isOver()).toBe(true);
  });

  test('not for ever when nothing is asked, and not at all without a service', async () => {
    const { pass, isOver } = waiting({ total: 0 });
    await pass(1000);
    expect(isOver()).toBe(true);
    const without = waiting();
    await steps();
    expect(without.isOver()).toBe(true);
  });
});
