/** What a node of a size costs an hour, as far as the user says. */
export interface SizePrice {
  readonly dedicated?: number | undefined;
  readonly spot?: number | undefined;
}

/** What the user says of prices; azb asks nobody for them. */
export interface Prices {
  readonly currency: string;
  /** By the name of the VM size in small letters. */
  readonly sizes: Readonly<Record<string, SizePrice>>;
}

/** The price of a VM size, whose name the service writes in one case and the user in another. */
export function priceOf(prices: Prices, vmSize: string | undefined): SizePrice | undefined {
  const name = vmSize?.toLowerCase() ?? '';
  return Object.hasOwn(prices.sizes, name) ? prices.sizes[name] : undefined;
}

/** So many dedicated and Spot nodes, or hours of them; undefined where a price is missing that counts. */
export function costOf(
  price: SizePrice | undefined,
  { dedicated, spot }: { readonly dedicated: number; readonly spot: number },
): number | undefined {
  const parts = [
    dedicated === 0 ? 0 : times(dedicated, price?.dedicated),
    spot === 0 ? 0 : times(spot, price?.spot),
  ];
  return parts.includes(undefined) ? undefined : parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
}

function times(number: number, price: number | undefined): number | undefined {
  return price === undefined ? undefined : number * price;
}

/** An amount as it is shown: to the hundredth, what is small to the ten-thousandth. */
export function amount(value: number): number {
  const digits = value < 1 ? 10_000 : 100;
  return Math.round(value * digits) / digits;
}
