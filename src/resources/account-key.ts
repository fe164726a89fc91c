import { defineResource } from './types.ts';

/** One of the two keys of an account. */
export interface AccountKey {
  readonly name: 'primary' | 'secondary';
  readonly key: string;
  /** The user asked to see it. */
  readonly isShown: boolean;
}

/** As long whatever the key is. */
const HIDDEN = '•'.repeat(24);

/** The keys of an account, as a list of azb's own: what is in it stays in azb's memory. */
export const accountKeys = defineResource<AccountKey>({
  name: 'accountkeys',
  singular: 'key',
  aliases: [],
  scopes: [['account']],
  help: 'The keys of an account',
  idOf: ({ name }) => name,
  selectable: false,
  deltas: false,
  // Keys change when somebody has them regenerated, and hardly ever otherwise.
  refreshEvery: 60,
  columns: [
    { id: 'name', title: 'KEY', kind: 'text', select: [], value: ({ name }) => name },
    {
      id: 'key',
      title: 'VALUE',
      kind: 'text',
      select: [],
      maxWidth: 100,
      value: ({ key, isShown }) => (isShown ? key : HIDDEN),
    },
  ],
  alsoSelect: [],
  stateFilters: [],
  tone: ({ isShown }) => (isShown ? 'waiting' : 'plain'),
  faulty: () => false,
  actions: [
    {
      name: 'regenerate',
      label: 'regenerate',
      dangerous: true,
      az: (id, { account = 'ACCOUNT' }) =>
        `az batch account keys renew -g GROUP -n ${account} --key-name ${id}`,
      warning: 'Programs that use the old key are refused from then on. Give them the other key first.',
    },
  ],
});
