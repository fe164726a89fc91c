import { describe, expect, test } from 'vitest';
import { documentKey } from '../../../src/store/keys-of.ts';
import type { DocumentState } from '../../../src/store/state.ts';
import { whyView } from '../../../src/store/views.ts';
import { type Explanation, WhySource } from '../../../src/store/why-source.ts';
import { SECOND } from '../../support/samples.ts';
import { NO_COUNTS } from '../../support/scripted-port.ts';
import { storeKit } from '../../support/store-kit.ts';

const NEVER = new AbortController().signal;
const VIEW = whyView('jobs', {}, 'myjob');

/** A job whose tasks end between two looks, five seconds apart. */
function whyOn(total: number) {
  const kit = storeKit({ view: VIEW });
  const source = new WhySource({ store: kit.store, port: kit.port, now: () => kit.timing.now() }, VIEW);
  const look = async (completed: number) => {
    const tasks = { ...NO_COUNTS, active: total - completed, completed, succeeded: completed };
    kit.port.play({ taskCounts: async () => ({ tasks, slots: tasks }) });
    await source.tick(NEVER);
    await kit.timing.pass(5 * SECOND, async () => undefined);
    const document = kit.store.getState().documents[documentKey(VIEW)] as DocumentState;
    return (document.entity as Explanation).findings[0]?.text;
  };
  return { look };
}

describe('why a job does not run', () => {
  test('tells from the second look on how fast its tasks end', async () => {
    const { look } = whyOn(100);
    expect(await look(10)).toBe('10 of 100 tasks ended, 10%, 0 running, 90 waiting');
    expect(await look(15)).toContain(': 60 a minute, about 1m25s left');
    expect(await look(15)).toContain(': 30 a minute, about 2m50s left');
  });

  test('begins to count again when ended tasks were deleted', async () => {
    const { look } = whyOn(100);
    await look(50);
    expect(await look(40)).not.toContain('a minute');
    expect(await look(45)).toContain(': 60 a minute');
  });
});
