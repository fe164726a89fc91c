import { VM_FAMILIES } from './vm-families.ts';

/**
 * The share of the account's dedicated cores that a family may take, by how its name goes on after `standard`. The
 * service gives the usual families as much as the account, and machines for special purposes less.
 */
const SHARES: readonly (readonly [pattern: RegExp, share: number])[] = [
  [/^standard(N|M)/, 0.2],
  [/^standard(H|L|G)/, 0.4],
];

/** Dedicated cores that an account may have of a family, of as many as it may have in all. */
export function familyQuota(family: string, dedicatedCores: number): number {
  const share = SHARES.find(([pattern]) => pattern.test(family))?.[1] ?? 1;
  return Math.floor(dedicatedCores * share);
}

/** The quota of every family that is known by name, in order of the names. */
export function familyQuotas(
  dedicatedCores: number,
): { readonly name: string; readonly coreQuota: number }[] {
  return Object.keys(VM_FAMILIES)
    .toSorted()
    .map((name) => ({ name, coreQuota: familyQuota(name, dedicatedCores) }));
}
