import { expect, it } from 'vitest';
import { compare, equals, literal } from '../../../src/lib/odata.ts';

it('writes values as the service reads them', () => {
  expect(equals('id', 'a')).toBe("id eq 'a'");
  expect(compare('exitCode', 'ne', 0)).toBe('exitCode ne 0');
  expect(compare('enableAutoScale', 'eq', true)).toBe('enableAutoScale eq true');
  const time = new Date('2022-11-29T22:17:29.556Z');
  expect(compare('stateTransitionTime', 'ge', time)).toBe(
    "stateTransitionTime ge DateTime'2022-11-29T22:17:29.556Z'",
  );
});

it('lets no value end its quotes', () => {
  expect(literal("x' or id ne 'y")).toBe("'x'' or id ne ''y'");
});
