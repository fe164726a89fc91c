import { expect, test } from 'vitest';
import { notifySequence } from '../../../src/terminal/notify.ts';

test('the bell rings alone, or with a notification that tmux passes through', () => {
  expect(notifySequence('done', 'bell', { TMUX: '/tmp/x' })).toBe('\x07');
  expect(notifySequence('done', 'desktop', {})).toBe('\x07\x1b]9;done\x07');
  expect(notifySequence('done', 'desktop', { TMUX: '/tmp/x' })).toBe(
    '\x07\x1bPtmux;\x1b\x1b]9;done\x07\x1b\\',
  );
});

test('a notification is cut where it is long', () => {
  expect(notifySequence('x'.repeat(500), 'desktop', {})).toBe(`\x07\x1b]9;${'x'.repeat(200)}\x07`);
});

test('what the service says cannot end the sequence', () => {
  expect(notifySequence('a\x07b\x1b]0;c', 'desktop', {}).slice(1, -1)).not.toMatch(/[\x07]|\x1b.*\x1b/);
});
