import type { StoragePort } from '../../api/port.ts';
import { isMissing } from '../../lib/errors.ts';
import { commonFolder, jobContainer, type OutputPlace, outputPlaces } from '../../resources/results.ts';
import type { Entity, Scope } from '../../resources/types.ts';
import { flash } from '../flash.ts';
import { portOf, type Services } from '../services.ts';
import { listView, pushView } from '../views.ts';
import { storageOf } from './storage.ts';
import { isStillHere, type Subject, subjectHere, whileBusy } from './subject.ts';

/** Goes to where the results of the task or the job under the cursor are. Says why when they are nowhere to go to. */
export function showResults(services: Services): void {
  const subject = subjectHere(services);
  const kind = subject?.resource.name;
  if (subject === undefined || (kind !== 'jobs' && kind !== 'tasks')) {
    flash(services.store, 'warn', 'results are those of a job or a task: there is none under the cursor');
    return;
  }
  const storage = storageOf(services);
  if (storage === undefined) return;
  const find = kind === 'tasks' ? ofTask : ofJob;
  const work = async (): Promise<void> => {
    const found = await whileBusy(services, () => find(services, storage, subject));
    if (typeof found === 'string') flash(services.store, 'warn', found);
    else if (isStillHere(services, subject)) pushView(services.store, listView('blobs', found));
  };
  services.background(work());
}

/** Where they are, or why that is not known. */
type Found = Scope | string;

async function ofTask(services: Services, storage: StoragePort, subject: Subject): Promise<Found> {
  const task = await portOf(services).get('tasks', subject.scope, subject.id, new AbortController().signal);
  const places = outputPlaces(task);
  if (places.length > 0) return scopeOf(places, storage);
  const job = subject.scope.job ?? '';
  const container = await existing(services, containerOfJob(job));
  if (container !== undefined) return { container, folder: `${subject.id}/` };
  return `${subject.id} uploads nothing: it has no outputFiles`;
}

/** A job's own container, or else where its first tasks upload to. */
async function ofJob(services: Services, storage: StoragePort, { id }: Subject): Promise<Found> {
  const container = await existing(services, containerOfJob(id));
  if (container !== undefined) return { container };
  const query = { select: ['id', 'outputFiles'], pageSize: 100 };
  const { rows } = await portOf(services).listPage('tasks', { job: id }, query, new AbortController().signal);
  const places = rows.flatMap((task: Entity) => outputPlaces(task));
  if (places.length > 0) return scopeOf(places, storage);
  return `${id} has no container ${containerOfJob(id)}, and its tasks have no outputFiles`;
}

/** The folder in which all of the places are, when they are in one container of the storage account. */
function scopeOf(places: readonly OutputPlace[], storage: StoragePort): Found {
  const [first, ...others] = new Set(places.map(({ containerUrl }) => containerUrl));
  const here = `${storage.account.endpoint.toLowerCase()}/`;
  if (first === undefined || !first.toLowerCase().startsWith(here)) {
    return `the results are in ${first}, and azb looks at the storage account ${storage.account.name}`;
  }
  const container = containerIn(first.slice(here.length));
  if (container === undefined) return `the results are in ${first}, which names no container`;
  // Of several containers the first is shown: the others are named in the task.
  const folder = others.length > 0 ? '' : commonFolder(places.map(({ path }) => path));
  return folder === '' ? { container } : { container, folder };
}

/** A task may say anything to be its container's address. */
function containerIn(path: string): string | undefined {
  try {
    const name = decodeURIComponent(path);
    return name === '' || name.includes('/') ? undefined : name;
  } catch {
    return undefined;
  }
}

/** The container's name, if there is one of it. */
async function existing(services: Services, name: string): Promise<string | undefined> {
  try {
    await portOf(services).get('containers', {}, name, new AbortController().signal);
    return name;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function containerOfJob(id: string): string {
  // Loaded when it is needed: the first paint does not wait for it.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return jobContainer(id, (text) => createHash('sha1').update(text, 'utf8').digest('hex'));
}
