import type { FileRef } from '../../api/port.ts';
import { splitJobTaskId } from '../../lib/job-task-id.ts';
import { countText } from '../../lib/units.ts';
import type { NodeTask } from '../../resources/node-task.ts';
import type { Preparation } from '../../resources/preparation.ts';
import type { Subtask } from '../../resources/subtask.ts';
import type { Entity, Scope } from '../../resources/types.ts';
import { sameWord } from '../../resources/wire.ts';
import { startAction } from '../../store/actions/actions.ts';
import { startAutoscale } from '../../store/actions/autoscale.ts';
import { startDownload } from '../../store/actions/download.ts';
import { saveRemoteDesktop } from '../../store/actions/remote-desktop.ts';
import { startSsh } from '../../store/actions/ssh.ts';
import { flash } from '../../store/flash.ts';
import { targetIds } from '../../store/list-moves.ts';
import { takePulses } from '../../store/pulse.ts';
import type { ListView } from '../../store/state.ts';
import { MOST_FILES } from '../../store/tail-names.ts';
import { listView, pushView, tailView, textView, whyView } from '../../store/views.ts';
import { toggleWatch } from '../../store/watches.ts';
import type { Handlers, ScreenContext } from '../context.ts';
import { jobHere, rowHere } from '../row-here.ts';
import { copyKey, openAccountKeys, openQuotas, showKey } from './account-handlers.ts';
import { openFile } from './table-handlers.ts';

/** Keys that only some resources have. */
export const RESOURCE_HANDLERS: Handlers = {
  'pools.resize': ({ services }) => startAction(services, 'resize'),
  'pools.autoscale': ({ services }) => startAutoscale(services),
  'pools.stopResize': ({ services }) => startAction(services, 'stopResize'),
  'pools.jobs': (context) => {
    const here = rowHere(context);
    if (here !== undefined) pushView(context.services.store, listView('jobs', {}, `pool:^${here.id}$`));
  },
  'nodes.files': (context) => {
    const here = rowHere(context);
    if (here === undefined) return;
    pushView(context.services.store, listView('files', { ...here.view.scope, node: here.id }));
  },
  'nodes.reboot': ({ services }) => startAction(services, 'reboot'),
  'nodes.tailOut': (context) => tailStartTask(context, 'stdout.txt'),
  'nodes.tailErr': (context) => tailStartTask(context, 'stderr.txt'),
  'preparations.tailOut': (context) => tailPreparation(context, 'stdout.txt'),
  'preparations.tailErr': (context) => tailPreparation(context, 'stderr.txt'),
  'nodetasks.tailOut': (context) => tailNodeTask(context, 'stdout.txt'),
  'nodetasks.tailErr': (context) => tailNodeTask(context, 'stderr.txt'),
  'subtasks.tailOut': (context) => tailSubtask(context, 'stdout.txt'),
  'subtasks.tailErr': (context) => tailSubtask(context, 'stderr.txt'),
  'nodes.ssh': ({ services }) => startSsh(services),
  'nodes.reimage': ({ services }) => startAction(services, 'reimage'),
  'nodes.user': ({ services }) => startAction(services, 'user'),
  'nodes.remoteDesktop': ({ services }) => saveRemoteDesktop(services),
  'nodes.uploadServiceLogs': ({ services }) => startAction(services, 'uploadServiceLogs'),
  'nodes.scheduling': (context) =>
    toggle(context, 'schedulingState', 'enabled', 'disableScheduling', 'enableScheduling'),
  'jobs.terminate': ({ services }) => startAction(services, 'terminate'),
  'jobs.disable': (context) => toggle(context, 'state', 'active', 'disable', 'enable'),
  'jobs.preparations': (context) => {
    const here = rowHere(context);
    if (here !== undefined) pushView(context.services.store, listView('preparations', { job: here.id }));
  },
  'pools.why': (context) => explain(context),
  'pools.hours': (context) => {
    const id = rowHere(context)?.id;
    if (id !== undefined) pushView(context.services.store, { ...listView('nodehours', {}), cursor: id });
  },
  'jobs.why': (context) => explain(context),
  'tasks.why': (context) => explain(context),
  'pools.watch': watch,
  'jobs.watch': watch,
  'tasks.watch': watch,
  'jobs.progress': (context) => {
    const here = rowHere(context);
    if (here !== undefined) showProgress(context, here.id);
  },
  'tasks.progress': (context) => {
    const job = jobHere(context);
    if (job !== undefined) showProgress(context, job);
  },
  'tasks.failures': (context) => {
    const job = jobHere(context);
    if (job !== undefined) pushView(context.services.store, listView('failures', { job }));
  },
  'tasks.subtasks': (context) => {
    const here = rowHere(context);
    if (here === undefined) return;
    const { scope, id } = here.subject;
    pushView(context.services.store, listView('subtasks', { ...scope, task: id }));
  },
  'accounts.pulse': ({ services }) => services.background(takePulses(services)),
  'accounts.keys': (context) => openAccountKeys(context),
  'accounts.quotas': (context) => openQuotas(context),
  'accountkeys.show': (context) => showKey(context),
  'accountkeys.copy': (context) => copyKey(context),
  'accountkeys.regenerate': ({ services }) => startAction(services, 'regenerate'),
  'certificates.cancelDeletion': ({ services }) => startAction(services, 'cancelDeletion'),
  'jobschedules.jobs': (context) => {
    const here = rowHere(context);
    if (here !== undefined) pushView(context.services.store, listView('jobs', {}, `id:^${here.id}:job-`));
  },
  'tasks.tailOut': (context) => tailTask(context, 'stdout.txt'),
  'tasks.tailErr': (context) => tailTask(context, 'stderr.txt'),
  'tasks.terminate': ({ services }) => startAction(services, 'terminate'),
  'tasks.reactivate': ({ services }) => startAction(services, 'reactivate'),
  'files.tail': (context) => {
    const here = rowHere(context);
    if (here !== undefined) openFile(context, here);
  },
  'files.save': ({ services }) => startDownload(services),
  'jobschedules.terminate': ({ services }) => startAction(services, 'terminate'),
  'jobschedules.disable': (context) => toggle(context, 'state', 'active', 'disable', 'enable'),
};

function explain(context: ScreenContext): void {
  const here = rowHere(context);
  if (here === undefined) return;
  const { resource, scope, id } = here.subject;
  pushView(context.services.store, whyView(resource.name, scope, id));
}

function watch({ services }: ScreenContext): void {
  services.background(toggleWatch(services));
}

function showProgress({ services: { store } }: ScreenContext, job: string): void {
  pushView(store, textView('progress', 'jobs', {}, job));
}

/** One key switches off what is on, and on what is off. */
function toggle(context: ScreenContext, property: string, onState: string, off: string, on: string): void {
  const here = rowHere(context);
  if (here === undefined) return;
  const value: unknown = (here.row as Readonly<Record<string, unknown>>)[property];
  startAction(context.services, typeof value === 'string' && sameWord(value, onState) ? off : on);
}

/** The stream of the marked tasks, or of the one under the cursor. */
function tailTask(context: ScreenContext, path: string): void {
  const here = rowHere(context);
  if (here === undefined) return;
  const { job } = here.view.scope;
  openTail(
    context,
    idsHere(here).flatMap((id): FileRef[] => {
      const place = job === undefined ? splitJobTaskId(id) : { job, task: id };
      return place === undefined ? [] : [{ kind: 'task', ...place, path }];
    }),
  );
}

/** A node keeps what its start task wrote in a folder of this name. */
const START_FOLDER = 'startup';

function tailStartTask(context: ScreenContext, path: string): void {
  const here = rowHere(context);
  const pool = here?.view.scope.pool;
  if (here === undefined || pool === undefined) return;
  openTail(
    context,
    idsHere(here).map((node) => ({ kind: 'node', pool, node, path: `${START_FOLDER}/${path}` })),
  );
}

function tailPreparation(context: ScreenContext, path: string): void {
  tailRows(context, 'no preparation task has run here', (row) => {
    const { jobPreparationTaskExecutionInfo: info, ...place } = row as Preparation;
    return fileInFolder({ ...place, taskRootDirectory: info?.taskRootDirectory }, path);
  });
}

/** The files of an instance of a multi-instance task are only on its node. */
function tailSubtask(context: ScreenContext, path: string): void {
  tailRows(context, 'this subtask has no node yet', (row) =>
    fileInFolder((row as Subtask).nodeInfo ?? {}, path),
  );
}

/** A task that ran on a node, or the node's start task, which has no job. */
function tailNodeTask(context: ScreenContext, path: string): void {
  tailRows(context, 'there is no task under the cursor', (row, { pool, node }) => {
    const { jobId: job, taskId: task } = row as NodeTask;
    if (job !== undefined && task !== undefined) return { kind: 'task', job, task, path };
    if (pool === undefined || node === undefined) return undefined;
    return { kind: 'node', pool, node, path: `${START_FOLDER}/${path}` };
  });
}

interface FolderOfNode {
  readonly poolId?: string | undefined;
  readonly nodeId?: string | undefined;
  readonly taskRootDirectory?: string | undefined;
}

/** The service says in which folder of which node something ran. */
function fileInFolder(place: FolderOfNode, path: string): FileRef | undefined {
  const { poolId: pool, nodeId: node, taskRootDirectory: folder } = place;
  if (pool === undefined || node === undefined || folder === undefined) return undefined;
  return { kind: 'node', pool, node, path: `${folder.replaceAll('\\', '/')}/${path}` };
}

/** Tails the files of the marked rows, or of the one under the cursor; `without` says why there are none. */
function tailRows(
  context: ScreenContext,
  without: string,
  fileOf: (row: Entity, scope: Scope) => FileRef | undefined,
): void {
  const here = rowHere(context);
  if (here === undefined) return;
  const { resource, rows } = here.listing;
  const ids = new Set(idsHere(here));
  const files = rows
    .filter((row) => ids.has(resource.idOf(row)))
    .flatMap((row) => fileOf(row, here.view.scope) ?? []);
  if (files.length > 0) openTail(context, files);
  else flash(context.services.store, 'warn', without);
}

/** What is marked, or else what the cursor is on. */
function idsHere({ view, id }: { readonly view: ListView; readonly id: string }): string[] {
  return targetIds({ ...view, cursor: id });
}

function openTail({ services: { store } }: ScreenContext, files: readonly FileRef[]): void {
  if (files.length > MOST_FILES) {
    const count = countText(files.length);
    flash(store, 'warn', `${count} are marked, and at most ${MOST_FILES} can be followed at once`);
  } else pushView(store, tailView(...files));
}
