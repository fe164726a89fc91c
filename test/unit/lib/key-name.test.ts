import { describe, expect, test } from 'vitest';
import { parseKeyName } from '../../../src/lib/key-name.ts';
import { characterKey } from '../../../src/terminal/key-names.ts';

describe('the name of a key as people write it', () => {
  test.each([
    ['j', 'j'],
    ['J', 'J'],
    ['shift-j', 'J'],
    ['Ctrl-D', 'ctrl-d'],
    ['ctrl-\\', 'ctrl-\\'],
    ['Return', 'enter'],
    ['escape', 'esc'],
    ['PageUp', 'pgup'],
    ['F12', 'f12'],
    ['shift-tab', 'shift-tab'],
    ['ctrl-space', 'ctrl-space'],
    ['ctrl-i', 'tab'],
    ['ctrl-m', 'enter'],
    ['/', '/'],
    [' - ', '-'],
  ])('%s is %s', (text, name) => {
    expect(parseKeyName(text)).toBe(name);
  });

  test.each(['', 'alt-x', 'f13', 'hyper', 'ctrl-shift-d', 'ctrl-ä', 'é', 'ctrl-1', 'jj', 'ctrl-'])(
    '%s is none',
    (text) => {
      expect(parseKeyName(text)).toBeUndefined();
    },
  );

  test('a control key is named as the key reader names its byte', () => {
    for (let code = 1; code < 0x20; code += 1) {
      const written = `ctrl-${String.fromCharCode(code + 0x40)}`;
      expect(parseKeyName(written), written).toBe(characterKey(String.fromCharCode(code))?.key);
    }
  });
});
