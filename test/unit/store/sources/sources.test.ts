import { describe, expect, test } from 'vitest';
import { feedKey } from '../../../../src/store/keys-of.ts';
import { Sources } from '../../../../src/store/sources/sources.ts';
import { listView, resetViews } from '../../../../src/store/views.ts';
import { page } from '../../../support/scripted-port.ts';
import { storeKit } from '../../../support/store-kit.ts';

function visiting() {
  const kit = storeKit({ port: { listPage: async () => page([{ id: 'a' }]) } });
  const sources = new Sources({ store: kit.store, port: kit.port, now: () => kit.timing.now() });
  const visit = async (job: string) => {
    resetViews(kit.store, [listView('tasks', { job })]);
    const source = sources.of(kit.store.getState());
    await source?.tick(new AbortController().signal);
    return source;
  };
  const isHeld = (job: string) => feedKey('tasks', { job }) in kit.store.getState().feeds;
  return { visit, isHeld };
}

describe('what was looked at', () => {
  test('is held for those who come back soon', async () => {
    const { visit, isHeld } = visiting();
    const first = await visit('job-0');
    await visit('job-1');
    expect(isHeld('job-0')).toBe(true);
    expect(await visit('job-0')).toBe(first);
  });

  test('is dropped when a dozen other views were looked at since', async () => {
    const { visit, isHeld } = visiting();
    for (let number = 0; number < 12; number += 1) await visit(`job-${number}`);
    expect(isHeld('job-0')).toBe(true);
    await visit('job-12');
    expect(isHeld('job-0')).toBe(false);
    expect(isHeld('job-1')).toBe(true);
    expect(isHeld('job-12')).toBe(true);
  });
});
