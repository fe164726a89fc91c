import { describe, expect, test } from 'vitest';
import { UnreachableError } from '../../../../src/lib/errors.ts';
import { documentKey } from '../../../../src/store/keys-of.ts';
import { DocumentSource } from '../../../../src/store/sources/document-source.ts';
import type { DocumentState, TextView } from '../../../../src/store/state.ts';
import { textView } from '../../../../src/store/views.ts';
import { NOW, POOLS, pool } from '../../../support/samples.ts';
import { notFound } from '../../../support/scripted-port.ts';
import { storeKit } from '../../../support/store-kit.ts';

const NEVER = new AbortController().signal;

function documentOn(view: TextView) {
  const kit = storeKit({ view });
  const source = new DocumentSource({ store: kit.store, port: kit.port, now: () => kit.timing.now() }, view);
  const document = (): DocumentState => kit.store.getState().documents[documentKey(view)] as DocumentState;
  return { ...kit, source, document };
}

describe('one entity kept up to date', () => {
  test('comes whole, with the pool’s nodes by state', async () => {
    const { source, document, port } = documentOn(textView('describe', 'pools', {}, 'mypool'));
    await source.tick(NEVER);
    expect(document()).toMatchObject({ status: 'ready', entity: POOLS[0], updatedAt: NOW, error: undefined });
    expect(document().summary).toEqual([
      { nodes: 'dedicated', idle: 1, running: 1, starting: 0, startTaskFailed: 1, unusable: 1, total: 4 },
      { nodes: 'Spot', idle: 0, running: 0, starting: 1, startTaskFailed: 0, unusable: 0, total: 1 },
    ]);
    expect(port.asked('listPage')).toEqual([
      ['nodecounts', {}, { filter: "poolId eq 'mypool'", pageSize: 1 }],
    ]);
  });

  test('comes with a job’s tasks and slots by state', async () => {
    const { source, document } = documentOn(textView('describe', 'jobs', {}, 'myjob'));
    await source.tick(NEVER);
    expect(document().summary).toMatchObject([
      { count: 'tasks', active: 1, running: 2, completed: 3, succeeded: 2, failed: 1 },
      { count: 'slots', active: 1 },
    ]);
  });

  test('is the same object while nothing changes', async () => {
    const { source, document, port } = documentOn(textView('yaml', 'pools', {}, 'mypool'));
    port.play({ get: async () => pool('mypool') });
    await source.tick(NEVER);
    const { entity } = document();
    await source.tick(NEVER);
    expect(document().entity).toBe(entity);
    port.play({ get: async () => pool('mypool', { targetDedicatedNodes: 9 }) });
    await source.tick(NEVER);
    expect(document().entity).toMatchObject({ targetDedicatedNodes: 9 });
  });

  test('stays when it cannot be asked for any more', async () => {
    const { source, document } = documentOn(textView('yaml', 'pools', {}, 'mypool'));
    await source.tick(NEVER);
    source.failed(new UnreachableError('gone'));
    expect(document()).toMatchObject({ status: 'unreachable', entity: POOLS[0], updatedAt: NOW });
    source.failed(notFound('PoolNotFound'));
    expect(document().status).toBe('refused');
  });
});
