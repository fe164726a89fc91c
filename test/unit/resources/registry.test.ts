import { describe, expect, test } from 'vitest';
import { KEYS } from '../../../src/keys/table.ts';
import { findResource, RESOURCES, resourceNamed } from '../../../src/resources/registry.ts';
import type { Entity, Resource } from '../../../src/resources/types.ts';
import { scopeOfResource } from '../../../src/screens/key-table.ts';
import { viewScopes } from '../../../src/screens/scopes.ts';
import { selectOf } from '../../../src/store/sources/feed-reader.ts';
import { listView } from '../../../src/store/views.ts';
import { SAMPLES } from '../../support/samples.ts';

/** Actions that a key of another name leads to. */
const KEY_OF_ACTION: Readonly<Record<string, string>> = {
  'jobs.enable': 'jobs.disable',
  'jobschedules.enable': 'jobschedules.disable',
  'nodes.disableScheduling': 'nodes.scheduling',
  'nodes.enableScheduling': 'nodes.scheduling',
};

const samplesOf = (resource: Resource<Entity>) => SAMPLES[resource.name] ?? [];

/** The names of the row's own properties that the work reads. */
function propertiesRead(row: Entity, work: (row: Entity) => unknown): string[] {
  const read = new Set<string>();
  const watched = new Proxy(row, {
    get(target, name, receiver) {
      if (typeof name === 'string') read.add(name);
      return Reflect.get(target, name, receiver);
    },
  });
  work(watched);
  return [...read];
}

describe('the registry', () => {
  test('has a sample of every resource, so that what follows looks at all of them', () => {
    for (const resource of RESOURCES) expect(samplesOf(resource), resource.name).not.toHaveLength(0);
  });

  test('finds every resource by each of its names, and gives no name twice', () => {
    const names = RESOURCES.flatMap(({ name, singular, aliases }) => [name, singular, ...aliases]);
    const once = RESOURCES.flatMap(({ name, singular, aliases }) => [
      ...new Set([name, singular, ...aliases]),
    ]);
    expect(new Set(names).size).toBe(once.length);
    for (const resource of RESOURCES) {
      for (const name of [resource.name, resource.singular, ...resource.aliases]) {
        expect(findResource(name.toUpperCase())).toBe(resource);
      }
    }
    expect(findResource('pods')).toBeUndefined();
    expect(() => resourceNamed('pods')).toThrow('pods');
  });

  describe.each(RESOURCES.map((resource) => [resource.name, resource] as const))('%s', (_, resource) => {
    test('has columns and filters that can be told apart', () => {
      const ids = resource.columns.map((column) => column.id);
      expect(new Set(ids).size).toBe(ids.length);
      const titles = resource.columns.map((column) => column.title);
      expect(new Set(titles).size).toBe(titles.length);
      expect(resource.stateFilters.length).toBeLessThanOrEqual(4);
      if (resource.defaultSort !== undefined) expect(ids).toContain(resource.defaultSort.column);
    });

    test('sorts by letters that no key of its table takes', () => {
      const scopes = viewScopes(listView(resource.name, {}));
      const taken = KEYS.filter((binding) => scopes.includes(binding.scope)).flatMap(({ keys }) => keys);
      const letters = resource.columns.flatMap((column) => column.sortKey ?? []);
      expect(new Set(letters).size).toBe(letters.length);
      expect(letters.filter((letter) => taken.includes(letter))).toEqual([]);
    });

    test('asks for every property that a column reads', () => {
      if (!resource.selectable) return;
      for (const row of samplesOf(resource)) {
        for (const column of resource.columns) {
          const unasked = propertiesRead(row, (watched) => column.value(watched)).filter(
            (name) => !column.select.includes(name) && !(column.detail === true && name === resource.details),
          );
          expect(unasked, column.id).toEqual([]);
        }
      }
    });

    test('asks for every property that colours, filters, actions and drilling read', () => {
      if (!resource.selectable) return;
      const asked: readonly (string | undefined)[] = [...selectOf(resource), resource.details];
      for (const row of samplesOf(resource)) {
        const read = propertiesRead(row, (watched) => {
          resource.tone(watched);
          resource.faulty(watched);
          resource.drill?.(watched, {});
          for (const column of resource.columns) column.tone?.(watched);
          for (const filter of resource.stateFilters) filter.test(watched);
          for (const action of resource.actions) {
            action.disabled?.(watched);
            action.fields?.(watched);
          }
        });
        expect(read.filter((name) => !asked.includes(name))).toEqual([]);
      }
    });

    test('has an id of its own for every row', () => {
      const ids = samplesOf(resource).map((row) => resource.idOf(row));
      expect(ids).not.toContain('');
      expect(new Set(ids).size).toBe(ids.length);
    });

    test('drills to a list that can be asked for', () => {
      for (const row of samplesOf(resource)) {
        const target = resource.drill?.(row, { pool: 'mypool', job: 'myjob', container: 'mine' });
        if (target === undefined) continue;
        const way = resourceNamed(target.resource).scopes.some((parts) =>
          parts.every((part) => target.scope[part] !== undefined),
        );
        expect(way, `${resource.name} to ${target.resource}`).toBe(true);
      }
    });

    test('has a key for every action', () => {
      const bound = KEYS.map((binding) => binding.id);
      for (const action of resource.actions) {
        const own = `${scopeOfResource(resource.name)}.${action.name}`;
        const key = action.name === 'delete' ? 'table.delete' : (KEY_OF_ACTION[own] ?? own);
        expect(bound, own).toContain(key);
        const dangerous = KEYS.find((binding) => binding.id === key)?.dangerous === true;
        expect(dangerous, `${own} is as dangerous as its key`).toBe(action.dangerous);
      }
    });

    test('shows the command line of every action with the id in it', () => {
      for (const action of resource.actions) {
        const scope = { pool: 'mypool', node: 'mynode', job: 'myjob', task: 'mytask', container: 'mine' };
        expect(action.az?.('the-id', scope, {}), action.name).toMatch(/^az (batch|storage) .*the-id/);
      }
    });

    test('names the choices of its actions', () => {
      for (const { options = [] } of resource.actions) {
        for (const option of options) expect(option.values.length).toBeGreaterThan(1);
      }
    });
  });
});
