import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { collectOnce } from '../../../src/lib/heap.ts';

test('what nobody holds any more is gone once garbage is collected', async () => {
  const held = { name: 'held' };
  const kept = new WeakRef(held);
  const lost = new WeakRef({ name: 'lost' });
  // What a weak reference was made for, or asked for, lives until the end of the turn.
  await turn();
  collectOnce();
  expect([lost.deref(), kept.deref()]).toEqual([undefined, held]);
});
