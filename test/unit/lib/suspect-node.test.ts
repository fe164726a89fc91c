import { expect, test } from 'vitest';
import { isSuspect, standsOut } from '../../../src/lib/suspect-node.ts';

test('a node is suspect where tasks fail far more often than elsewhere', () => {
  expect(isSuspect({ failed: 10, ran: 10 }, { failed: 1, ran: 90 })).toBe(true);
  expect(isSuspect({ failed: 10, ran: 10 }, { failed: 80, ran: 90 })).toBe(false);
  expect(isSuspect({ failed: 2, ran: 2 }, { failed: 0, ran: 90 })).toBe(false);
  expect(isSuspect({ failed: 10, ran: 100 }, { failed: 0, ran: 90 })).toBe(false);
  expect(isSuspect({ failed: 10, ran: 10 }, { failed: 0, ran: 0 })).toBe(false);
});

test('a node stands out with five failures and three times what the others have on average', () => {
  expect(standsOut(6, 6, 3)).toBe(true);
  expect(standsOut(5, 6, 3)).toBe(false);
  expect(standsOut(4, 0, 3)).toBe(false);
  expect(standsOut(9, 0, 0)).toBe(false);
});
