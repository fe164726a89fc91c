import type { Field, Form, FormValues, Scope } from './types.ts';

const NAME = /^[a-z0-9]{3,24}$/;

/** What a new account is asked for. What other accounts have is what it begins with. */
function newAccountFields(_scope: Scope): readonly Field[] {
  const within = ({ subscription = '' }: FormValues): Scope => (subscription === '' ? {} : { subscription });
  return [
    {
      name: 'name',
      label: 'Name',
      kind: 'text',
      initial: '',
      hint: '3 to 24 lower-case letters and digits; part of a host name, so nobody else has it',
      check: (value) => (NAME.test(value) ? undefined : 'a name has 3 to 24 lower-case letters and digits'),
    },
    {
      name: 'subscription',
      label: 'Subscription',
      kind: 'reference',
      resource: 'subscriptions',
      initial: '',
      hint: 'enter picks one; empty when there is only one',
    },
    {
      name: 'resourceGroup',
      label: 'Group',
      kind: 'reference',
      resource: 'resourcegroups',
      initial: '',
      pickFrom: within,
      hint: 'the resource group; enter picks one',
      check: (value) => (value.trim() === '' ? 'an account is in a resource group' : undefined),
    },
    {
      name: 'makeResourceGroup',
      label: 'Make group',
      kind: 'flag',
      initial: 'no',
      hint: 'whether the resource group is to be made first',
    },
    {
      name: 'location',
      label: 'Location',
      kind: 'reference',
      resource: 'locations',
      initial: '',
      pickFrom: within,
      check: (value) => (value.trim() === '' ? 'an account is in a region, such as westeurope' : undefined),
    },
    {
      name: 'autoStorage',
      label: 'Auto-storage',
      kind: 'reference',
      resource: 'storageaccounts',
      optional: true,
      initial: '',
      pickFrom: within,
      hint: 'the storage account for input, results and packages; enter picks one; empty for none',
      check: (value) =>
        value === '' || NAME.test(value) || value.startsWith('/subscriptions/')
          ? undefined
          : 'a name of 3 to 24 lower-case letters and digits, or an id /subscriptions/…',
    },
  ];
}

function newAccountBody(values: FormValues): object {
  const { name = '', subscription = '', resourceGroup = '', location = '', autoStorage = '' } = values;
  return {
    name,
    ...(subscription === '' ? {} : { subscription }),
    resourceGroup,
    ...(values.makeResourceGroup === 'yes' ? { makeResourceGroup: true } : {}),
    location,
    ...(autoStorage === '' ? {} : { properties: { autoStorage: { storageAccountId: autoStorage } } }),
  };
}

/** An account that is there, after whose example a new one begins. */
interface Model {
  readonly id?: string | undefined;
  readonly subscription?: string | undefined;
  readonly location?: string | undefined;
  readonly isInUse?: boolean | undefined;
}

/** Makes an account; what others have is what it begins with. */
export const ACCOUNT_FORM: Form = {
  title: 'New account',
  accepted: 'is being made',
  fields: newAccountFields,
  begin: (rows, { subscription: typed = '' }) => {
    // Groups and locations of another subscription than the one that was typed would be wrong there.
    const fits = ({ id, subscription }: Model): boolean =>
      id !== undefined && (typed === '' || subscription?.toLowerCase() === typed.toLowerCase());
    const like = (rows as readonly Model[]).filter(fits);
    const model = like.find(({ isInUse }) => isInUse === true) ?? like[0];
    return {
      subscription: model?.subscription ?? '',
      resourceGroup: (model && groupOfAccount(model)) ?? '',
      location: model?.location ?? '',
    };
  },
  template: newAccountBody,
};

/** The resource group that the id of an account names. */
export function groupOfAccount({ id }: { readonly id?: string | undefined }): string | undefined {
  return /\/resourceGroups\/([^/]+)\//i.exec(id ?? '')?.[1];
}
