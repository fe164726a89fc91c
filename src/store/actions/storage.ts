import type { SignedTarget, StoragePort } from '../../api/port.ts';
import { visible } from '../../lib/sanitise.ts';
import { countText } from '../../lib/units.ts';
import type { Field } from '../../resources/types.ts';
import { flash, flashError } from '../flash.ts';
import { openForm } from '../forms/forms.ts';
import { portOf, type Services, serviceNow } from '../services.ts';

/** What can be done with blobs; without a storage account it says so, in the place where a key was pressed for it. */
export function storageOf(services: Services): StoragePort | undefined {
  const { storage } = portOf(services);
  if (storage === undefined) {
    flash(services.store, 'warn', 'no storage account is configured: :containers says how to get one');
  }
  return storage;
}

/** Copies the URLs, in which nothing gives permission. */
export function copyUrls(services: Services, targets: readonly SignedTarget[]): void {
  const storage = storageOf(services);
  const [only] = targets;
  if (storage === undefined || only === undefined) return;
  const urls = targets.map((target) => storage.urlOf(target));
  copy(services, urls, `copied ${targets.length === 1 ? urls[0] : `${countText(targets.length)} URLs`}`);
}

const HOUR = 3_600_000;
/** Entra ID signs for seven days at most; a key could for ever, which nobody should want. */
const MOST_HOURS = 7 * 24;

const HOURS: Field = {
  name: 'hours',
  label: 'Hours',
  kind: 'integer',
  initial: '24',
  hint: `1 to ${MOST_HOURS}; whoever has the URL can read until then`,
  check: (value) =>
    /^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= MOST_HOURS
      ? undefined
      : `a whole number from 1 to ${MOST_HOURS}`,
};

/** Asks for how long, then copies URLs that let anyone read: for `httpUrl` and `storageContainerUrl` of a task. */
export function startSigning(services: Services, targets: readonly SignedTarget[]): void {
  const storage = storageOf(services);
  const [first] = targets;
  if (storage === undefined || first === undefined) return;
  const what = targets.length === 1 ? (first.blob ?? first.container) : `${countText(targets.length)} blobs`;
  openForm(services, {
    title: `Copy a URL to read ${visible(what)}`,
    resource: first.blob === undefined ? 'containers' : 'blobs',
    scope: { container: first.container },
    action: { name: 'sign', id: what, verb: 'Copy' },
    note: 'The URL has a signature in it: keep it like a password.',
    fields: [HOURS],
    work: async ({ hours = '24' }) => {
      const expires = new Date(serviceNow(services) + Number(hours) * HOUR);
      const { signal } = new AbortController();
      const urls = await Promise.all(targets.map((target) => storage.signedUrl(target, expires, signal)));
      services.store.setState({ overlay: undefined });
      copy(services, urls, `copied; it can be read with until ${expiryOf(urls[0]) ?? expires.toISOString()}`);
    },
  });
}

/** What the URL itself says: it may be less than was wanted. */
function expiryOf(url = ''): string | undefined {
  return (URL.canParse(url) ? new URL(url).searchParams.get('se') : undefined) ?? undefined;
}

function copy({ host, store }: Services, texts: readonly string[], said: string): void {
  try {
    host.copy(texts.join('\n'));
    flash(store, 'info', visible(said));
  } catch (error) {
    flashError(store, error);
  }
}
