import { ACCOUNT_FORM, groupOfAccount } from './account-form.ts';
import { type AccountPulse, PULSE_COLUMNS } from './account-pulse.ts';
import { defineResource } from './types.ts';

/** An account that azb can go to, as its configuration tells of it; never its key. */
export interface KnownAccount {
  readonly name: string;
  /** Absent, like the two that follow from it, where `problem` says why. */
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly auth?: 'shared key' | 'Entra ID' | undefined;
  /** The rule that makes it read-only; undefined when it can be changed. */
  readonly readOnly?: string | undefined;
  /** Where its endpoint was found: flags, environment, a file's path. */
  readonly source: string;
  /** What keeps it from being used. */
  readonly problem?: string | undefined;
}

/** A row of the list of accounts: what Azure Resource Manager says of it, what the configuration does, or both. */
export interface AccountRow {
  readonly name: string;
  /** In Azure Resource Manager; absent for an account that only the configuration tells of. */
  readonly id?: string | undefined;
  readonly location?: string | undefined;
  /** What its subscription is called. */
  readonly subscription?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly properties?:
    | {
        readonly accountEndpoint?: string | undefined;
        readonly provisioningState?: string | undefined;
        readonly allowedAuthenticationModes?: readonly string[] | null | undefined;
      }
    | undefined;
  readonly known?: KnownAccount | undefined;
  readonly isInUse?: boolean | undefined;
  /** The rule that makes it read-only, where only Azure Resource Manager tells of it. */
  readonly readOnly?: string | undefined;
  readonly pulse?: AccountPulse | undefined;
  /** Another account has the name, in another location. */
  readonly isNamesake?: boolean | undefined;
}

/** Where what is listed comes from, as people read it. */
const ARM_SOURCE = 'Azure Resource Manager';

/** Accounts whose state is not their last one. */
export function isChanging({ properties }: AccountRow): boolean {
  return ['Creating', 'Deleting'].includes(properties?.provisioningState ?? '');
}

function hostOf(endpoint: string | undefined): string | undefined {
  return endpoint?.replace(/^https:\/\//, '').replace(/\/$/, '');
}

/** `SharedKey` may be closed; who has a role signs in anyway. */
function authOf({ known, properties }: AccountRow): string | undefined {
  if (known?.auth !== undefined) return known.auth;
  const modes = properties?.allowedAuthenticationModes;
  if (properties === undefined) return undefined;
  return modes === undefined || modes === null || modes.includes('SharedKey') ? 'shared key' : 'Entra ID';
}

/** Who tells of an account, in short. */
function fromOf({ id, known }: AccountRow): string {
  if (known === undefined || known.source === ARM_SOURCE) return 'Azure';
  return id === undefined ? 'config' : 'both';
}

/** The rule that makes an account read-only; undefined when it can be changed. */
export function readOnlyRule({ known, readOnly }: AccountRow): string | undefined {
  return known?.readOnly ?? readOnly;
}

/** The accounts that azb knows from its configuration, and those that Azure Resource Manager shows. */
export const accounts = defineResource<AccountRow>({
  name: 'accounts',
  singular: 'account',
  aliases: ['batchaccounts'],
  scopes: [[]],
  part: 'account',
  help: 'The accounts that azb knows, and those of your subscriptions',
  idOf: ({ name, location, isNamesake }) => (isNamesake === true ? `${name}.${location}` : name),
  selectable: false,
  unfiltered: true,
  deltas: false,
  refreshEvery: 30,
  columns: [
    {
      id: 'name',
      title: 'NAME',
      kind: 'text',
      select: [],
      sortKey: 'N',
      value: ({ name, isInUse }) => (isInUse === true ? `${name}(*)` : name),
    },
    {
      id: 'state',
      title: 'STATE',
      kind: 'state',
      select: [],
      sortKey: 'S',
      value: ({ properties, known }) =>
        properties?.provisioningState ?? (known?.problem === undefined ? undefined : 'unusable'),
    },
    { id: 'from', title: 'FROM', kind: 'text', select: [], sortKey: 'F', value: fromOf },
    {
      id: 'location',
      title: 'LOCATION',
      kind: 'text',
      select: [],
      sortKey: 'L',
      value: ({ location, known }) => location ?? known?.region,
    },
    ...PULSE_COLUMNS,
    { id: 'group', title: 'GROUP', kind: 'text', select: [], sortKey: 'R', value: groupOfAccount },
    { id: 'auth', title: 'AUTH', kind: 'text', select: [], sortKey: 'A', value: authOf },
    {
      id: 'readOnly',
      title: 'READ-ONLY',
      kind: 'text',
      select: [],
      sortKey: 'O',
      maxWidth: 50,
      value: (row) => readOnlyRule(row) ?? 'no',
    },
    {
      id: 'subscription',
      title: 'SUBSCRIPTION',
      kind: 'text',
      select: [],
      sortKey: 'U',
      value: ({ subscription }) => subscription,
    },
    {
      id: 'endpoint',
      title: 'ENDPOINT',
      kind: 'text',
      select: [],
      sortKey: 'E',
      maxWidth: 50,
      value: ({ known, properties }) =>
        hostOf(known?.endpoint ?? properties?.accountEndpoint) ?? known?.problem,
    },
    {
      id: 'source',
      title: 'SOURCE',
      kind: 'text',
      select: [],
      maxWidth: 60,
      value: ({ known }) => known?.source ?? ARM_SOURCE,
    },
    {
      id: 'tags',
      title: 'TAGS',
      kind: 'text',
      wide: true,
      select: [],
      value: ({ tags = {} }) =>
        Object.entries(tags)
          .map(([name, value]) => `${name}=${value}`)
          .join(' ') || undefined,
    },
  ],
  defaultSort: { column: 'name', descending: false },
  alsoSelect: [],
  stateFilters: [],
  tone: (row) => {
    if (isUnusable(row)) return 'bad';
    if (row.isInUse === true) return 'good';
    return isChanging(row) ? 'busy' : 'plain';
  },
  faulty: isUnusable,
  actions: [
    {
      name: 'delete',
      label: 'delete',
      dangerous: true,
      alone: true,
      disabled: (row) => {
        const { id, properties, isInUse } = row;
        const rule = readOnlyRule(row);
        if (id === undefined) return 'only the configuration tells of it';
        if (isInUse === true) return 'it is in use: go to another account first';
        if (rule !== undefined) return `it is read-only, ${rule}`;
        return properties?.provisioningState === 'Deleting' ? 'it is being deleted already' : undefined;
      },
      fields: ({ name }) => [
        {
          name: 'confirm',
          label: 'Its name',
          kind: 'text',
          initial: '',
          hint: `type ${name}: its pools, jobs, tasks and their files go with it, for good`,
          check: (value) => (value === name ? undefined : `type ${name} to delete it with all that it has`),
        },
      ],
      resolve: () => ({ name: 'delete', args: {} }),
      az: (id) => `az batch account delete -g GROUP -n ${id} --yes`,
    },
  ],
  form: ACCOUNT_FORM,
});

function isUnusable({ known, properties, id }: AccountRow): boolean {
  if (properties?.provisioningState === 'Failed') return true;
  return known?.problem !== undefined && id === undefined;
}
