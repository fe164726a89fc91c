import { expect, test } from 'vitest';
import { type Quota, quotas } from '../../../src/resources/quota.ts';

const described = (row: Quota) => quotas.described?.(row);

test('a quota is described by all that its line says', () => {
  const row: Quota = { name: 'pools', kind: 'count', quota: 100, used: 25 };
  expect(described(row)).toEqual({
    quotaOf: 'pools',
    kind: 'number',
    used: 25,
    quota: 100,
    left: 75,
    'used%': 25,
  });
  const cells = quotas.columns.map(({ value }) => value(row));
  expect(Object.values(described(row) ?? {})).toEqual(cells);
});

test('of cores it is said which pools have them, and of a family which sizes it has', () => {
  const usedBy = [
    { pool: 'one', vmSize: 'standard_d1_v2', nodes: 1, cores: 1 },
    { pool: 'new', vmSize: 'standard_x9', nodes: 1200, cores: undefined },
  ];
  const sizes = [{ name: 'Standard_D2_v2', cores: 2 }];
  expect(
    described({
      name: 'standardDv2Family',
      kind: 'family',
      quota: undefined,
      used: undefined,
      usedBy,
      sizes,
    }),
  ).toEqual({
    quotaOf: 'standardDv2Family',
    kind: 'VM family',
    used: undefined,
    quota: 'not limited',
    left: undefined,
    'used%': undefined,
    usedByPools: [
      'one: 1 node of standard_d1_v2, 1 core',
      'new: 1,200 nodes of standard_x9, a size whose cores are not known',
    ],
    sizes: ['Standard_D2_v2: 2 cores'],
  });
});
