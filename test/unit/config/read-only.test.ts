import { describe, expect, test } from 'vitest';
import { readOnlyReason } from '../../../src/config/read-only.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/config/settings.ts';
import { parseSettings } from '../../../src/config/settings-file.ts';

const NO_FLAGS = { readonly: false, write: false };

function reason(settings: Partial<Settings>, account: string | undefined = 'prod1', flags = NO_FLAGS) {
  return readOnlyReason(
    { settings: { ...DEFAULT_SETTINGS, ...settings }, isDoubtful: false },
    account,
    flags,
  );
}

describe('an account is read-only', () => {
  test('never unless something says so', () => {
    expect(reason({})).toBeUndefined();
  });

  test.each([
    ['prod*', true],
    ['PROD?', true],
    ['prod', false],
    ['*1', true],
    ['p.od1', false],
    ['/^(live|prod)/', true],
    ['/^rod/', false],
  ])('by the pattern %s: %s', (pattern, isReadOnly) => {
    expect(reason({ readOnlyAccounts: [pattern] })).toBe(
      isReadOnly ? `its name matches ${pattern}` : undefined,
    );
  });

  test('by its own entry, which goes before patterns and the setting for all', () => {
    const accounts = [{ name: 'Prod1', endpoint: 'e', readOnly: false }];
    expect(reason({ accounts, readOnly: true, readOnlyAccounts: ['*'] })).toBeUndefined();
    const locked = [{ name: 'prod1', endpoint: 'e', readOnly: true }];
    expect(reason({ accounts: locked })).toBe('by its entry in config.yaml');
    expect(reason({ accounts: locked }, 'other')).toBeUndefined();
  });

  test('by the setting for all accounts', () => {
    expect(reason({ readOnly: true })).toBe('by readOnly in config.yaml');
    expect(reason({ readOnly: true }, undefined)).toBe('by readOnly in config.yaml');
  });

  test('by the flag before anything, and not by --write', () => {
    expect(reason({}, 'a', { readonly: true, write: true })).toBe('by --readonly');
    expect(
      reason({ readOnly: true, readOnlyAccounts: ['*'] }, 'a', { readonly: false, write: true }),
    ).toBeUndefined();
  });

  test.each([
    'readOnly: maybe\n',
    'readOnlyAccounts: prod\n',
    'readOnlyAccounts: ["/(/"]\n',
    'accounts: 3\n',
    'skin: [\n',
  ])('when the file might have said so but is in error: %j', (text) => {
    expect(readOnlyReason(parseSettings(text, 'c'), 'a', NO_FLAGS)).toContain('config.yaml is in error');
  });

  test('but not because of an error elsewhere', () => {
    expect(readOnlyReason(parseSettings('skin: 3\nrowLimit: none\n', 'c'), 'a', NO_FLAGS)).toBeUndefined();
  });
});

test('a pattern that is none is told of with its line', () => {
  const { problems } = parseSettings('readOnlyAccounts:\n  - prod*\n  - /(/\n', 'config.yaml');
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^config\.yaml:3: readOnlyAccounts\[1\] is no pattern: /);
});
