import { visible } from '../../lib/sanitise.ts';
import type { Line } from '../../resources/line.ts';
import { toggleSearch } from '../../store/actions/search-lines.ts';
import { topView } from '../../store/app-store.ts';
import { drilledView } from '../../store/drill.ts';
import { flash, flashError } from '../../store/flash.ts';
import { tailKey } from '../../store/keys-of.ts';
import { targetIds } from '../../store/list-moves.ts';
import type { TextView } from '../../store/state.ts';
import { MOST_FILES } from '../../store/tail-names.ts';
import { pushView, tailView, textView, whyView } from '../../store/views.ts';
import type { Handlers, ScreenContext } from '../context.ts';
import { type Here, jobHere, rowHere } from '../row-here.ts';
import { nextMatch } from './next-match.ts';
import { openPrompt } from './prompt-handlers.ts';

/** Keys of what a search in the output of tasks has found, and those that begin one. */
export const LINE_HANDLERS: Handlers = {
  'tasks.search': (context) => askForPattern(context, jobHere(context)),
  'failures.search': (context) => askForPattern(context, jobHere(context)),
  'jobs.search': (context) => askForPattern(context, rowHere(context)?.id),
  'lines.tailOut': (context) => tailLines(context, 'stdout.txt'),
  'lines.tailErr': (context) => tailLines(context, 'stderr.txt'),
  'lines.tasks': showTasks,
  'lines.describe': (context) =>
    showTask(context, (job, task) => textView('describe', 'tasks', { job }, task)),
  'lines.why': (context) => showTask(context, (job, task) => whyView('tasks', { job }, task)),
  'lines.stop': ({ services }) => {
    const view = topView(services.store.getState());
    if (view.kind === 'list') toggleSearch(services, view);
  },
  'lines.copy': copyLines,
};

function showTask(context: ScreenContext, viewOf: (job: string, task: string) => TextView): void {
  const here = rowHere(context);
  if (here === undefined) return;
  const { job, task } = here.row as Line;
  pushView(context.services.store, viewOf(job, task));
}

function askForPattern(context: ScreenContext, job: string | undefined): void {
  if (job !== undefined) openPrompt(context, 'command', `grep ${job} /`);
}

/** What several tasks say leads to all of them; what one says, to the end of its file. */
export function openLine(context: ScreenContext, { job, task, path, line, tasks, like }: Line): void {
  const { store } = context.services;
  const state = store.getState();
  const view = topView(state);
  if (view.kind !== 'list') return;
  if (tasks > 1 && view.stateFilter === 1) {
    const filter = `like:^${like}$`;
    pushView(store, {
      ...view,
      filter,
      stateFilter: 0,
      cursor: undefined,
      cursorRow: 0,
      top: 0,
      marks: new Set(),
    });
    return;
  }
  const tail = tailView({ kind: 'task', job, task, path });
  pushView(store, { ...tail, pane: { ...tail.pane, find: line } });
  findWhenRead(context, tailKey(tail));
}

/** Goes to the line as soon as the end of the file is read, unless the user went elsewhere meanwhile. */
function findWhenRead(context: ScreenContext, key: string): void {
  const { store } = context.services;
  const look = (): void => {
    const state = store.getState();
    const view = topView(state);
    const isHere = view.kind === 'tail' && tailKey(view) === key;
    if (isHere && state.tails[key]?.updatedAt === undefined) return;
    stop();
    if (isHere) nextMatch(context, 1);
  };
  const stop = store.subscribe(look);
  look();
}

/** The rows that are marked, or the one under the cursor; of lines that are shown once, all that say the same. */
function linesHere({ view, listing, id }: Here): Line[] {
  const ids = new Set(targetIds({ ...view, cursor: id }));
  const targets = listing.rows.filter((row) => ids.has(listing.resource.idOf(row))) as readonly Line[];
  if (view.stateFilter !== 1) return [...targets];
  const likes = new Set(targets.map(({ like }) => like));
  return (listing.feed.rows as readonly Line[]).filter(({ like }) => likes.has(like));
}

function tailLines(context: ScreenContext, path: string): void {
  const here = rowHere(context);
  if (here === undefined) return;
  const { store } = context.services;
  const ids = new Set(targetIds({ ...here.view, cursor: here.id }));
  const rows = here.listing.rows.filter((row) => ids.has(here.listing.resource.idOf(row))) as readonly Line[];
  const files = new Map(rows.map(({ job, task }) => [task, { kind: 'task' as const, job, task, path }]));
  if (files.size <= MOST_FILES) pushView(store, tailView(...files.values()));
  else
    flash(store, 'warn', `${files.size} tasks are marked, and at most ${MOST_FILES} can be followed at once`);
}

/** The tasks that say it, as marks of the list of tasks, where they can be run again, ended or deleted. */
function showTasks(context: ScreenContext): void {
  const here = rowHere(context);
  const { store } = context.services;
  if (here === undefined) return;
  const found = linesHere(here);
  const [first] = found;
  if (first === undefined) return;
  const hasFailed = here.view.scope.among === undefined;
  const target = {
    resource: 'tasks',
    scope: { job: first.job },
    ...(hasFailed ? { stateFilter: 'failed' } : {}),
  };
  const marks = new Set(found.map(({ task }) => task));
  pushView(store, { ...drilledView(store.getState(), target), marks, cursor: first.task });
}

function copyLines(context: ScreenContext): void {
  const here = rowHere(context);
  if (here === undefined) return;
  const { host, store } = context.services;
  const ids = new Set(targetIds({ ...here.view, cursor: here.id }));
  const rows = here.listing.rows.filter((row) => ids.has(here.listing.resource.idOf(row))) as readonly Line[];
  try {
    host.copy(rows.map(({ line }) => line).join('\n'));
    flash(
      store,
      'info',
      rows.length === 1 ? `copied ${visible(rows[0]?.line ?? '')}` : `copied ${rows.length} lines`,
    );
  } catch (error) {
    flashError(store, error);
  }
}
