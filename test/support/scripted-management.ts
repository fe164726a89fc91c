import type { ManagementPort } from '../../src/api/port.ts';
import { ACCOUNTS, PACKAGES, QUOTAS, VM_SIZES } from './account-samples.ts';
import { page } from './scripted-port.ts';

export const KEYS = { primary: 'cHJpbWFyeQ==', secondary: 'c2Vjb25kYXJ5' };

export interface ScriptedManagement extends ManagementPort {
  /** What was asked of it: the method's name and its arguments without the signal. */
  readonly calls: readonly { readonly method: keyof ManagementPort; readonly args: readonly unknown[] }[];
  /** Replaces what some methods do, from now on. */
  play(script: Partial<ManagementPort>): void;
}

const PLACES: Readonly<Record<string, readonly object[]>> = {
  accounts: ACCOUNTS,
  subscriptions: [{ id: 'Contoso production' }, { id: 'Contoso test' }],
  resourcegroups: [{ name: 'rendering' }, { name: 'nightly' }],
  locations: [{ name: 'northeurope' }, { name: 'westeurope' }],
  storageaccounts: [{ name: 'renderfiles' }, { name: 'archive' }],
  packages: PACKAGES,
  vmsizes: VM_SIZES,
};

const DEFAULTS: ManagementPort = {
  host: 'management.azure.com',
  listPage: async (resource) => page(PLACES[resource] ?? []),
  get: async (_resource, _scope, id) => ACCOUNTS.find((row) => (row as { name: string }).name === id) ?? {},
  add: async () => undefined,
  act: async () => undefined,
  settled: async () => undefined,
  keys: async () => KEYS,
  access: async (name) => ({
    name,
    endpoint: `https://${name}.northeurope.batch.azure.com`,
    credential: { kind: 'shared key', key: KEYS.primary },
    source: 'Azure Resource Manager',
  }),
  publish: async () => undefined,
  quotas: async () => QUOTAS,
};

/** A management plane that a test writes itself; what the script leaves out is answered from the samples. */
export function scriptedManagement(script: Partial<ManagementPort> = {}): ScriptedManagement {
  const calls: { method: keyof ManagementPort; args: readonly unknown[] }[] = [];
  let played: ManagementPort = { ...DEFAULTS, ...script };
  const record = (method: keyof ManagementPort) =>
    (async (...args: unknown[]) => {
      calls.push({ method, args: args.slice(0, -1) });
      return (played[method] as (...all: unknown[]) => unknown)(...args);
    }) as never;
  return {
    host: DEFAULTS.host,
    calls,
    play: (next) => {
      played = { ...played, ...next };
    },
    listPage: record('listPage'),
    get: record('get'),
    add: record('add'),
    act: record('act'),
    settled: record('settled'),
    keys: record('keys'),
    access: record('access'),
    publish: record('publish'),
    quotas: record('quotas'),
  };
}
