import { expect, test } from 'vitest';
import type { Quota } from '../../../src/resources/quota.ts';
import { aboutSize, vmSizes } from '../../../src/resources/vm-size.ts';

const D2 = { name: 'Standard_D2_v3', family: 'standardDv3Family', vCPUs: 2 };

const family = (quota: number | undefined, used: number | undefined): Quota => ({
  name: 'StandardDv3Family',
  kind: 'family',
  quota,
  used,
});
const total = (quota: number | undefined, used: number | undefined): Quota => ({
  name: 'dedicated cores',
  kind: 'cores',
  quota,
  used,
});

test.each<[about: string, size: { readonly quota?: number }, known: readonly Quota[]]>([
  ['2 vCPUs', {}, []],
  ['2 vCPUs, quota of 1,000 cores', { quota: 1000 }, []],
  ['2 vCPUs, no quota', { quota: 0 }, []],
  ['2 vCPUs, quota left for 45 nodes', { quota: 100 }, [total(500, 10), family(100, 9)]],
  ['2 vCPUs, quota left for 1 node', {}, [total(500, 498), family(100, 9)]],
  ['2 vCPUs, no quota left', { quota: 100 }, [total(500, 200), family(100, 99)]],
  ['2 vCPUs, no quota', { quota: 100 }, [total(500, 200), family(0, 0)]],
  // Families that are not limited have what the account has.
  ['2 vCPUs, quota left for 150 nodes', {}, [total(500, 200), family(undefined, 200)]],
  // What is used cannot be told, or nothing is limited.
  ['2 vCPUs, quota of 100 cores', {}, [total(500, undefined), family(100, undefined)]],
  ['2 vCPUs', {}, [total(undefined, 4), family(undefined, 4)]],
])('a size is said to have %s', (about, size, known) => {
  expect(aboutSize({ ...D2, ...size }, known)).toBe(about);
});

test('a size with one core, and one whose cores nobody tells', () => {
  expect(aboutSize({ ...D2, vCPUs: 1 }, [])).toBe('1 vCPU');
  expect(aboutSize({ ...D2, vCPUs: 0, quota: 8 }, [total(9, 1), family(8, 1)])).toBe('quota of 8 cores');
});

test('describe leaves out what the service does not tell', () => {
  expect(vmSizes.described?.(D2)).toEqual({
    size: 'Standard_D2_v3',
    cores: 2,
    family: 'standardDv3Family',
  });
  expect(vmSizes.described?.({ ...D2, memory: 8, gpus: 1, isSpotCapable: true, quota: 1000 })).toEqual({
    size: 'Standard_D2_v3',
    cores: 2,
    memory: '8 GB',
    graphicsProcessors: 1,
    spotNodes: true,
    family: 'standardDv3Family',
    quotaOfFamily: '1,000 cores',
  });
});
