import { describe, expect, it } from 'vitest';
import { createServiceClock, skewError } from '../../../../src/api/wire/service-clock.ts';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-30T12:00:00Z');
const at = (offset: number) => new Date(NOW + offset).toUTCString();

describe('the clock of the service', () => {
  it.each([
    ['hours behind ours', -3 * 60 * MINUTE],
    ['minutes ahead of ours', 7 * MINUTE],
  ])('is gone by when it is %s', (_, offset) => {
    const clock = createServiceClock(() => NOW);
    expect(clock.now()).toBe(NOW);
    clock.saw(at(offset));
    expect(clock.now()).toBe(NOW + offset);
    clock.saw(undefined);
    clock.saw('yesterday');
    expect(clock.now()).toBe(NOW + offset);
    // Somebody has set our clock.
    clock.saw(at(0));
    expect(clock.now()).toBe(NOW);
  });

  it('is ours while it is much the same: an answer is seconds on its way', () => {
    const clock = createServiceClock(() => NOW);
    clock.saw(at(-20_000));
    expect(clock.now()).toBe(NOW);
  });
});

it.each([
  ['signature', -20, 'the service refused the signature: your clock is 20 minutes ahead of'],
  ['token', 180, 'the service refused the token: your clock is 180 minutes behind'],
] as const)('a refused %s is explained by a clock that is wrong', (proof, minutes, message) => {
  expect(skewError(at(minutes * MINUTE), proof, NOW)).toMatchObject({
    message: expect.stringContaining(message),
    next: expect.stringContaining('set the clock'),
  });
});

it('a clock that is about right explains nothing', () => {
  expect(skewError(at(5 * MINUTE), 'token', NOW)).toBeUndefined();
  expect(skewError(undefined, 'token', NOW)).toBeUndefined();
});
