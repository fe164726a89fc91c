import type { Preparation } from '../resources/preparation.ts';
import { sameWord } from '../resources/wire.ts';
import { startAction } from '../store/actions.ts';
import { startAutoscale } from '../store/autoscale.ts';
import { topView } from '../store/create.ts';
import { startDownload } from '../store/download.ts';
import { flash } from '../store/flash.ts';
import { saveRemoteDesktop } from '../store/remote-desktop.ts';
import { startSsh } from '../store/ssh.ts';
import { listView, pushView, tailView, whyView } from '../store/views.ts';
import type { Handlers, ScreenContext } from './context.ts';
import { openFile, rowHere } from './table-handlers.ts';

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
  'jobs.why': (context) => explain(context),
  'tasks.why': (context) => explain(context),
  'tasks.failures': ({ services: { store } }) => {
    const view = topView(store.getState());
    if (view.kind === 'list') pushView(store, listView('failures', view.scope));
  },
  'tasks.subtasks': (context) => {
    const here = rowHere(context);
    if (here === undefined) return;
    pushView(context.services.store, listView('subtasks', { ...here.view.scope, task: here.id }));
  },
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
  const { resource, scope } = here.view;
  pushView(context.services.store, whyView(resource, scope, here.id));
}

/** One key switches off what is on, and on what is off. */
function toggle(context: ScreenContext, property: string, onState: string, off: string, on: string): void {
  const here = rowHere(context);
  if (here === undefined) return;
  const value: unknown = (here.row as Readonly<Record<string, unknown>>)[property];
  startAction(context.services, typeof value === 'string' && sameWord(value, onState) ? off : on);
}

function tailTask(context: ScreenContext, path: string): void {
  const here = rowHere(context);
  const job = here?.view.scope.job;
  if (here === undefined || job === undefined) {
    flash(context.services.store, 'warn', 'there is no task under the cursor');
    return;
  }
  pushView(context.services.store, tailView({ kind: 'task', job, task: here.id, path }));
}

/** A node keeps what its start task wrote in a folder of this name. */
const START_FOLDER = 'startup';

function tailStartTask(context: ScreenContext, path: string): void {
  const here = rowHere(context);
  const pool = here?.view.scope.pool;
  if (here === undefined || pool === undefined) return;
  const file = { kind: 'node', pool, node: here.id, path: `${START_FOLDER}/${path}` } as const;
  pushView(context.services.store, tailView(file));
}

/** The service says in which folder of the node the preparation task ran. */
function tailPreparation(context: ScreenContext, path: string): void {
  const { services } = context;
  const row = rowHere(context)?.row as Preparation | undefined;
  const folder = row?.jobPreparationTaskExecutionInfo?.taskRootDirectory;
  const { poolId: pool, nodeId: node } = row ?? {};
  if (pool === undefined || node === undefined || folder === undefined) {
    flash(services.store, 'warn', 'no preparation task has run here');
    return;
  }
  const file = { kind: 'node', pool, node, path: `${folder.replaceAll('\\', '/')}/${path}` } as const;
  pushView(services.store, tailView(file));
}
