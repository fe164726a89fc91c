import { AzbError } from '../../lib/errors.ts';
import type { LeftOut } from '../../lib/local-files.ts';
import { visible } from '../../lib/sanitise.ts';
import { countText } from '../../lib/units.ts';
import type { Field, FormValues } from '../../resources/types.ts';
import { topView } from '../app-store.ts';
import type { Failure } from '../dialogs.ts';
import { flash } from '../flash.ts';
import { openForm } from '../forms/forms.ts';
import type { FoundFile } from '../host.ts';
import { portOf, type Services } from '../services.ts';
import { runBulk, type Unit } from './bulk.ts';
import { outlast } from './outlast.ts';
import { storageOf } from './storage.ts';

/** What is sent where. */
interface Upload {
  readonly container: string;
  readonly prefix: string;
  readonly overwrite: boolean;
  /** Links that are not followed. */
  readonly left: readonly LeftOut[];
}

const REPLACE = ['refuse', 'overwrite'];

function fields(prefix: string): Field[] {
  return [
    {
      name: 'path',
      label: 'From here',
      kind: 'path',
      initial: '',
      hint: 'a file, a directory with all that is in it but links to other directories, or a pattern such as ~/data/*.csv; enter lists what could follow',
      check: (value) => (value.trim() === '' ? 'a path is needed' : undefined),
    },
    {
      name: 'prefix',
      label: 'To folder',
      kind: 'text',
      initial: prefix,
      hint: 'what the names of the blobs begin with; nothing for the top of the container',
      check: (value) => (value.startsWith('/') ? 'names of blobs begin with no slash' : undefined),
    },
    { name: 'existing', label: 'If it exists', kind: 'choice', initial: 'refuse', choices: REPLACE },
  ];
}

/** Asks what to upload into the container, or the folder, on the screen or under the cursor. */
export function startUpload(services: Services, container: string, folder = ''): void {
  if (storageOf(services) === undefined) return;
  const view = topView(services.store.getState());
  if (view.kind !== 'list') return;
  openForm(services, {
    title: `Upload to ${container}`,
    resource: 'blobs',
    scope: { container },
    action: { name: 'upload', id: container, verb: 'Upload' },
    fields: fields(folder),
    work: (values) => upload(services, container, values),
  });
}

async function upload(services: Services, container: string, values: FormValues): Promise<void> {
  const { path = '', prefix = '', existing } = values;
  const left: LeftOut[] = [];
  const files = await services.host.findFiles(path, (each) => left.push(each));
  services.store.setState({ overlay: undefined });
  const target = { container, prefix: folderOf(prefix), overwrite: existing === 'overwrite' };
  await send(services, files, { ...target, left });
}

/** A prefix that somebody typed is meant as a folder. */
export function folderOf(prefix: string): string {
  const trimmed = prefix.trim();
  return trimmed === '' || trimmed.endsWith('/') ? trimmed : `${trimmed}/`;
}

async function send(services: Services, files: readonly FoundFile[], target: Upload): Promise<void> {
  const { store, poller } = services;
  const [only] = files;
  const what = files.length === 1 && only !== undefined ? only.name : `${countText(files.length)} files`;
  const title = `Uploading ${what} to ${target.container}`;
  // A file without a byte is work too.
  const total = files.reduce((sum, { size }) => sum + Math.max(1, size), 0);
  const again = (failures: readonly Failure[]): Promise<void> => {
    const failed = new Set(failures.map(({ id }) => id));
    const left = files.filter(({ name }) => failed.has(target.prefix + name));
    return send(services, left, target);
  };
  const failures = await runBulk(services, {
    title,
    total,
    units: unitsOf(services, files, target),
    measure: 'bytes',
    again,
  });
  const { overlay } = store.getState();
  const isStopped = overlay?.kind === 'bulk' && overlay.state === 'cancelled';
  if (failures.length === 0) store.setState({ overlay: undefined });
  if (isStopped) flash(store, 'warn', `${title}: stopped; what was sent until then is there`);
  else if (failures.length > 0) {
    const isThere = failures.some(({ reason }) => reason.includes('BlobAlreadyExists'));
    const next = isThere ? ' – try: u again, with overwrite for what exists' : '';
    flash(store, 'error', `${title}: ${countText(failures.length)} could not be sent${next}`);
  } else if (target.left.length > 0) flash(store, 'warn', `${title}: done; ${leftOutText(target.left)}`);
  else flash(store, 'info', `${title}: done`);
  poller.refresh();
}

function leftOutText(left: readonly LeftOut[]): string {
  const [first] = left;
  const named = first === undefined ? '' : `${visible(first.name)}, ${first.why}`;
  return left.length === 1
    ? `left out ${named}`
    : `left out ${countText(left.length)} links, such as ${named}`;
}

function* unitsOf(
  services: Services,
  files: readonly FoundFile[],
  { container, prefix, overwrite }: Upload,
): Generator<Unit> {
  const { storage } = portOf(services);
  for (const file of files) {
    const name = prefix + file.name;
    yield {
      size: Math.max(1, file.size),
      ids: [name],
      run: async (signal, onProgress) => {
        const blob = { kind: 'blob', container, path: name } as const;
        try {
          await outlast(services.timing, signal, async () =>
            storage?.upload(blob, file, { overwrite, onProgress }, signal),
          );
        } catch (error) {
          // To send the rest of a big file first is not what who stops wants.
          if (signal.aborted) throw new AzbError('stopped before all of it was sent');
          throw error;
        }
        return [];
      },
    };
  }
}
