import { describe, expect, test } from 'vitest';
import { customKeys, type UserKey } from '../../../src/keys/custom.ts';
import { KEYS } from '../../../src/keys/table.ts';
import type { Binding } from '../../../src/keys/types.ts';

const TABLE: readonly Binding[] = [
  { id: 'app.back', scope: 'global', keys: ['esc', 'q'], help: 'Back' },
  { id: 'table.describe', scope: 'table', keys: ['d'], help: 'Describe' },
  { id: 'table.yaml', scope: 'table', keys: ['y'], help: 'YAML' },
  { id: 'pools.resize', scope: 'pools', keys: ['z'], help: 'Resize', dangerous: true },
  { id: 'text.wrap', scope: 'text', keys: ['w'], help: 'Wrap' },
  { id: 'prompt.accept', scope: 'prompt', keys: ['enter'], help: 'Run' },
];

function userKey(changes: Partial<UserKey>): UserKey {
  return {
    id: 'hotkey:f5',
    key: 'f5',
    scopes: ['global'],
    help: 'Mine',
    dangerous: false,
    override: false,
    quiet: true,
    ...changes,
  };
}

function keysOf(table: readonly Binding[], id: string): readonly string[] | undefined {
  return table.find((binding) => binding.id === id)?.keys;
}

describe('other keys for what azb does', () => {
  test('take the place of the usual ones', () => {
    const { table, conflicts } = customKeys(TABLE, { 'table.describe': ['D', 'f3'], 'table.yaml': [] }, []);
    expect(keysOf(table, 'table.describe')).toEqual(['D', 'f3']);
    expect(keysOf(table, 'table.yaml')).toEqual([]);
    expect(conflicts).toEqual([]);
  });

  test('may be exchanged', () => {
    const { table, conflicts } = customKeys(TABLE, { 'table.describe': ['y'], 'table.yaml': ['d'] }, []);
    expect([keysOf(table, 'table.describe'), keysOf(table, 'table.yaml')]).toEqual([['y'], ['d']]);
    expect(conflicts).toEqual([]);
  });

  test('that are taken there are refused, and it is said by whom', () => {
    const { table, conflicts } = customKeys(TABLE, { 'table.describe': ['y'] }, []);
    expect(keysOf(table, 'table.describe')).toEqual(['d']);
    expect(conflicts).toEqual([
      { id: 'table.describe', text: 'y is taken by YAML (table.yaml), so nothing is changed' },
    ]);
  });

  test('one that is refused keeps its key, which nothing else gets then', () => {
    const { table, conflicts } = customKeys(
      TABLE,
      { 'prompt.accept': ['x'], 'table.yaml': ['d'], 'table.describe': ['y', 'y'] },
      [],
    );
    expect(keysOf(table, 'prompt.accept')).toEqual(['enter']);
    expect(conflicts).toEqual([
      { id: 'prompt.accept', text: 'x types a character there, so nothing is changed' },
    ]);
    const chain = customKeys(
      TABLE,
      { 'table.describe': ['y'], 'table.yaml': ['d', 'f1'], 'app.back': ['q'] },
      [],
    );
    expect(chain.conflicts).toEqual([]);
  });

  test('that a nearer place has work elsewhere, and that is said', () => {
    const { table, conflicts } = customKeys(TABLE, { 'table.yaml': ['z'] }, []);
    expect(keysOf(table, 'table.yaml')).toEqual(['z']);
    expect(conflicts).toEqual([
      { id: 'table.yaml', text: 'works, but in pools z stays Resize (pools.resize)' },
    ]);
    expect(customKeys(KEYS, { 'nodes.files': ['v'] }, []).conflicts).toEqual([
      { id: 'nodes.files', text: 'works, but in map v stays Group by state (map.group)' },
    ]);
  });
});

describe("a key of the user's own", () => {
  test('that is free is there', () => {
    const { table, conflicts } = customKeys(TABLE, {}, [userKey({ key: 'f5' })]);
    expect(table.find(({ id }) => id === 'hotkey:f5')).toEqual({
      id: 'hotkey:f5',
      scope: 'global',
      keys: ['f5'],
      help: 'Mine',
      quiet: true,
    });
    expect(conflicts).toEqual([]);
  });

  test('that is taken is refused with the names of all that have it', () => {
    const { table, conflicts } = customKeys(TABLE, { 'text.wrap': ['d'] }, [userKey({ key: 'd' })]);
    expect(table.some(({ id }) => id === 'hotkey:f5')).toBe(false);
    expect(conflicts).toEqual([
      {
        id: 'hotkey:f5',
        text: 'd is taken by Describe (table.describe), Wrap (text.wrap): choose another key, or say override: true',
      },
    ]);
  });

  test('takes a key when it says so', () => {
    const { table, conflicts } = customKeys(TABLE, {}, [userKey({ key: 'd', override: true })]);
    expect(keysOf(table, 'hotkey:f5')).toEqual(['d']);
    expect(keysOf(table, 'table.describe')).toEqual([]);
    expect(conflicts).toEqual([]);
  });

  test('in one list leaves the key alone elsewhere', () => {
    const plugin = userKey({ id: 'plugin:a', key: 'd', scopes: ['pools'], override: true });
    const { table } = customKeys(TABLE, {}, [plugin]);
    expect(keysOf(table, 'table.describe')).toEqual(['d']);
    expect(table.findIndex(({ id }) => id === 'plugin:a')).toBe(0);
  });

  test('may share a key with a place where it does not work', () => {
    const plugin = userKey({ id: 'plugin:a', key: 'w', scopes: ['pools'] });
    expect(customKeys(TABLE, {}, [plugin]).conflicts).toEqual([]);
    const prompt = userKey({ key: 'enter' });
    expect(customKeys(TABLE, {}, [prompt]).conflicts).toEqual([]);
  });

  test('cannot be given twice', () => {
    const { conflicts } = customKeys(TABLE, {}, [
      userKey({}),
      userKey({ id: 'plugin:a', scopes: ['pools'] }),
    ]);
    expect(conflicts).toEqual([
      { id: 'plugin:a', text: 'f5 is taken by Mine (hotkey:f5): choose another key, or say override: true' },
    ]);
  });
});

test('without wishes the key table stays as it is', () => {
  expect(customKeys(KEYS, {}, [])).toEqual({ table: KEYS, conflicts: [] });
});
