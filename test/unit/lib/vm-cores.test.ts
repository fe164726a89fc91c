import { expect, test } from 'vitest';
import { coresOfSize } from '../../../src/lib/vm-cores.ts';

test.each([
  ['standard_a2_v2', 2],
  ['STANDARD_D4S_V3', 4],
  ['Standard_E32-8s_v3', 8],
  ['Standard_HB120rs_v3', 120],
  ['Standard_NV36adms_A10_v5', 36],
  ['Standard_F16', 16],
  ['Standard_A3', 4],
  ['Basic_A0', 1],
  ['Standard_D3_v2', 4],
  ['Standard_DS13_v2', 8],
  ['Standard_D2_v3', 2],
  ['Standard_GS5', 32],
  ['small', undefined],
  [undefined, undefined],
])('%s has %s cores', (name, cores) => {
  expect(coresOfSize(name)).toBe(cores);
});
