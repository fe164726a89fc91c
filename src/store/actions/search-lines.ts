import { UsageError } from '../../lib/errors.ts';
import { topView } from '../app-store.ts';
import { feedKeyOf } from '../keys-of.ts';
import type { Services } from '../services.ts';
import { testOf } from '../sources/line-source.ts';
import { MOST_SEARCHED, SEARCHED_FILE } from '../sources/output-search.ts';
import type { AppState, ListView } from '../state.ts';
import { listView, pushView } from '../views.ts';

/**
 * Opens a search for a pattern in a file of tasks: of those that are marked on the screen, or else of all that failed. Each
 * line is shown once at first, with how many tasks say it. @throws UsageError for a bad pattern
 */
export function searchLines(
  { store }: Services,
  job: string,
  file: string | undefined,
  pattern: string,
): void {
  if (pattern === '') {
    throw new UsageError('what shall be looked for?', { next: `:grep ${job} /error|killed` });
  }
  testOf(pattern);
  const marked = markedTasks(store.getState(), job);
  const scope = {
    job,
    file: file ?? SEARCHED_FILE,
    pattern,
    ...(marked === undefined ? {} : { among: marked }),
  };
  pushView(store, { ...listView('lines', scope), stateFilter: 1 });
}

/**
 * Ids have no spaces. They stand in the name of what is found, which every key needs: one more than are searched tells that
 * there are more.
 */
function markedTasks(state: AppState, job: string): string | undefined {
  const view = topView(state);
  if (view.kind !== 'list' || view.resource !== 'tasks' || view.scope.job !== job) return undefined;
  return view.marks.size === 0 ? undefined : [...view.marks].slice(0, MOST_SEARCHED + 1).join(' ');
}

/** Stops the search on the screen where it is, or lets it go on. */
export function toggleSearch({ store, poller }: Services, view: ListView): void {
  const key = feedKeyOf(view);
  const feed = store.getState().feeds[key];
  if (feed === undefined) return;
  const isStopped = feed.isStopped !== true;
  store.setState(({ feeds }) => ({ feeds: { ...feeds, [key]: { ...feed, isStopped } } }));
  // The search that is under way sees for itself that it is to stop.
  if (!isStopped) poller.refresh();
}
