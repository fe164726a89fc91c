/** The parts of an account's id in Azure Resource Manager. */
interface Parts {
  readonly subscription: string;
  readonly group: string;
}

const FORM = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\//i;

function partsOf({ id }: { readonly id: string }): Parts {
  const [, subscription = '', group = ''] = FORM.exec(id) ?? [];
  return { subscription, group };
}

/** The id of the subscription that an account of Azure Resource Manager is in; empty where its id is no id of one. */
export function subscriptionOf(account: { readonly id: string }): string {
  return partsOf(account).subscription;
}

/** The name of the account's resource group, as its id spells it. */
export function groupOf(account: { readonly id: string }): string {
  return partsOf(account).group;
}
