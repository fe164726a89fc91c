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

export function subscriptionOf(account: { readonly id: string }): string {
  return partsOf(account).subscription;
}

export function groupOf(account: { readonly id: string }): string {
  return partsOf(account).group;
}
