import { expect, test } from 'vitest';
import { copySequence } from '../../../src/terminal/clipboard.ts';
import { show, virtualTerminal } from '../../support/virtual-terminal.ts';

test('the terminal gets the text, in UTF-8', async () => {
  const terminal = virtualTerminal(20, 4);
  let copied = '';
  terminal.parser.registerOscHandler(52, (data) => {
    copied = Buffer.from(data.replace(/^c;/, ''), 'base64').toString('utf8');
    return true;
  });
  await show(terminal, copySequence('task\n日本', {}) ?? '');
  expect(copied).toBe('task\n日本');
});

test('inside tmux it is also passed through', () => {
  expect(copySequence('a', { TMUX: '/tmp/tmux-0/default,1,0' })).toBe(
    '\x1b]52;c;YQ==\x07\x1bPtmux;\x1b\x1b]52;c;YQ==\x07\x1b\\',
  );
});

test('what terminals would refuse is not sent', () => {
  expect(copySequence('x'.repeat(56_000), {})).toBeDefined();
  expect(copySequence('x'.repeat(57_000), {})).toBeUndefined();
});
