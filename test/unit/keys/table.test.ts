import { describe, expect, test } from 'vitest';
import { bindingsOf, findBinding, keyLabel } from '../../../src/keys/find.ts';
import { KEYS } from '../../../src/keys/table.ts';
import type { Binding, KeyScope } from '../../../src/keys/types.ts';
import { resourceNamed } from '../../../src/resources/registry.ts';
import { HANDLERS } from '../../../src/screens/handlers.ts';
import { KeyReader } from '../../../src/terminal/keys.ts';
import { keyBytes, LONE_ESC } from '../../support/key-bytes.ts';

const binding = (
  id: string,
  scope: Binding['scope'],
  keys: readonly string[],
  dangerous = false,
): Binding => ({
  id,
  scope,
  keys,
  help: id,
  ...(dangerous ? { dangerous } : {}),
});

describe('the key table', () => {
  test('has a handler for every binding, and a binding for every handler', () => {
    expect(KEYS.map(({ id }) => id).sort()).toEqual(Object.keys(HANDLERS).sort());
  });

  test('binds no key twice in one scope', () => {
    const bound = KEYS.flatMap(({ scope, keys }) => keys.map((key) => `${scope} ${key}`));
    expect(bound.filter((key, index) => bound.indexOf(key) !== index)).toEqual([]);
  });

  test('names keys as the key reader does', () => {
    for (const key of new Set(KEYS.flatMap(({ keys }) => keys))) {
      const bytes = key === 'esc' ? LONE_ESC : keyBytes(key);
      expect(new KeyReader().feed(bytes), key).toMatchObject([{ kind: 'key', key }]);
    }
  });

  test('has words for every binding', () => {
    for (const { id, help } of KEYS) expect(help.length, id).toBeGreaterThan(1);
  });

  test('has a scope of its own only for resources that exist', () => {
    const shared = ['global', 'table', 'map', 'text', 'tail', 'help', 'prompt', 'dialog', 'form', 'picker'];
    const own = [...new Set(KEYS.map(({ scope }) => scope))].filter((scope) => !shared.includes(scope));
    for (const scope of own) expect(resourceNamed(scope).name).toBe(scope);
  });
});

describe('finding bindings', () => {
  const table = [
    binding('table.down', 'table', ['j', 'down']),
    binding('table.delete', 'table', ['ctrl-d'], true),
    binding('app.quit', 'global', ['ctrl-c', 'x']),
    binding('jobs.terminate', 'jobs', ['x'], true),
    binding('jobs.jump', 'jobs', ['j']),
  ];

  test('the nearest scope that has the key takes it', () => {
    expect(findBinding('x', ['jobs', 'table', 'global'], false, table)?.id).toBe('jobs.terminate');
    expect(findBinding('x', ['table', 'global'], false, table)?.id).toBe('app.quit');
    expect(findBinding('z', ['table', 'global'], false, table)).toBeUndefined();
  });

  test('a dangerous key does not exist when read-only, and does not become another one', () => {
    expect(findBinding('ctrl-d', ['table'], true, table)).toBeUndefined();
    expect(findBinding('x', ['jobs', 'global'], true, table)).toBeUndefined();
    expect(findBinding('x', ['global'], true, table)?.id).toBe('app.quit');
  });

  test('lists what works, nearest first, without what is hidden or forbidden', () => {
    const ids = (readOnly: boolean) =>
      bindingsOf(['jobs', 'table', 'global'], readOnly, table).map(({ id }) => id);
    expect(ids(false)).toEqual(['jobs.terminate', 'jobs.jump', 'table.down', 'table.delete', 'app.quit']);
    expect(ids(true)).toEqual(['jobs.jump', 'table.down', 'app.quit']);
  });

  test('lists a binding with the keys that are its own there', () => {
    const keysOf = (scopes: readonly KeyScope[], wanted: string) =>
      bindingsOf(scopes, false, table).find(({ id }) => id === wanted)?.keys;
    expect(keysOf(['jobs', 'table', 'global'], 'table.down')).toEqual(['down']);
    expect(keysOf(['jobs', 'table', 'global'], 'app.quit')).toEqual(['ctrl-c']);
    expect(keysOf(['table', 'global'], 'table.down')).toEqual(['j', 'down']);
  });

  test('read-only leaves no dangerous key anywhere in the real table', () => {
    const scopes = [...new Set(KEYS.map(({ scope }) => scope))];
    for (const { keys, dangerous, scope } of KEYS) {
      if (dangerous !== true) continue;
      for (const key of keys) expect(findBinding(key, [scope], true)).toBeUndefined();
    }
    expect(bindingsOf(scopes, true).some(({ dangerous }) => dangerous === true)).toBe(false);
  });

  test('writes keys as people read them', () => {
    expect(keyLabel('ctrl-d')).toBe('<ctrl-d>');
  });
});
