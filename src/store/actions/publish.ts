import { UsageError } from '../../lib/errors.ts';
import { APPLICATION_ID, VERSION_NAME } from '../../resources/application.ts';
import type { Field, FormValues } from '../../resources/types.ts';
import { topView } from '../app-store.ts';
import { flash } from '../flash.ts';
import { openForm } from '../forms/forms.ts';
import type { FoundFile } from '../host.ts';
import type { Services } from '../services.ts';
import { runBulk } from './bulk.ts';
import { finishBulk } from './run-operations.ts';
import { subjectHere } from './subject.ts';

function fields(application: string): Field[] {
  return [
    {
      name: 'application',
      label: 'Application',
      kind: 'text',
      initial: application,
      hint: 'made if it is not there',
      check: (value) =>
        APPLICATION_ID.test(value) ? undefined : '1 to 64 letters, digits, hyphens and underscores',
    },
    {
      name: 'version',
      label: 'Version',
      kind: 'text',
      initial: '',
      hint: 'such as 1.0; one that is there gets the new package',
      check: (value) =>
        VERSION_NAME.test(value) ? undefined : '1 to 64 letters, digits, hyphens, underscores and periods',
    },
    {
      name: 'path',
      label: 'Zip file',
      kind: 'path',
      initial: '',
      hint: 'on this machine; enter lists what could follow',
      check: (value) => (/\.zip$/i.test(value.trim()) ? undefined : 'a zip archive is needed'),
    },
    {
      name: 'isDefault',
      label: 'The default',
      kind: 'flag',
      initial: 'yes',
      hint: 'of who names no version',
    },
  ];
}

/** Asks for an archive that becomes a version of an application, of the one under the cursor unless told. */
export function startPublish(services: Services): void {
  const { store, management } = services;
  const view = topView(store.getState());
  if (view.kind !== 'list') return;
  if (management === undefined) {
    flash(store, 'warn', 'packages are made in Azure Resource Manager, which azb does not know here');
    return;
  }
  const application = view.scope.application ?? subjectHere(services)?.id ?? '';
  openForm(services, {
    title: 'New version of an application',
    resource: 'applications',
    scope: {},
    action: { name: 'publish', id: application, verb: 'Upload' },
    fields: fields(application),
    work: (values) => publish(services, values),
  });
}

async function publish(services: Services, values: FormValues): Promise<void> {
  const { path = '' } = values;
  const [file, ...others] = await services.host.findFiles(path);
  if (file === undefined || others.length > 0) {
    throw new UsageError(`${path} is more than one file`, { next: 'one zip archive' });
  }
  services.store.setState({ overlay: undefined });
  await send(services, values, file);
}

async function send(services: Services, values: FormValues, file: FoundFile): Promise<void> {
  const { application = '', version = '', isDefault } = values;
  const account = services.store.getState().session.account?.name ?? '';
  const id = `${application} ${version}`;
  const title = `Uploading ${id}`;
  const wanted = { application, version, isDefault: isDefault === 'yes' };
  const unit = {
    size: file.size,
    ids: [id],
    run: async (signal: AbortSignal, onPart: (size: number) => void) => {
      await services.management?.publish(account, wanted, file, onPart, signal);
      return [];
    },
  };
  const again = () => send(services, values, file);
  const failures = await runBulk(services, {
    title,
    total: file.size,
    units: [unit],
    measure: 'bytes',
    again,
  });
  finishBulk(services, title, 1, failures.length);
  services.poller.refresh();
}
