import { UsageError } from '../lib/errors.ts';
import { resourceNamed } from '../resources/registry.ts';
import { openManaged } from '../store/actions/open-account.ts';
import { showResults } from '../store/actions/results.ts';
import { ROW_FORMATS, saveRows } from '../store/actions/save-rows.ts';
import { searchLines } from '../store/actions/search-lines.ts';
import { topView } from '../store/app-store.ts';
import { flash } from '../store/flash.ts';
import { knownIds } from '../store/known-ids.ts';
import type { Services } from '../store/services.ts';
import type { AppState } from '../store/state.ts';
import { mapView, openOwnList, pushView, textView, toggleHelp } from '../store/views.ts';
import { openList } from './open-list.ts';

/** A `:` command that is no resource. */
export interface PromptCommand {
  readonly names: readonly string[];
  /** What follows the name, for people: `NAME`. */
  readonly operands?: string;
  readonly help: string;
  /** The resource whose lists the operands tell apart, as those of `:nodes POOL` do. */
  readonly resource?: string;
  /** `filter` is what stands behind ` /`. */
  run(services: Services, operands: readonly string[], filter: string): void;
  /** What its operand may be. */
  complete?(state: AppState): readonly string[];
}

const NO_ACCOUNT = 'there is no account to ask: the screen says how to get one';

export const PROMPT_COMMANDS: readonly PromptCommand[] = [
  { names: ['quit', 'q', 'q!', 'exit'], help: 'Quit azb', run: ({ host }) => host.quit() },
  {
    names: ['suspend'],
    help: 'Back to the shell for a while; fg there goes on',
    run: ({ host }) => host.suspend(),
  },
  { names: ['help', 'h', '?'], help: 'The keys of the view', run: ({ store }) => toggleHelp(store) },
  { names: ['refresh'], help: 'Ask the service again now', run: ({ poller }) => poller.refresh() },
  {
    names: ['map', 'heatmap'],
    operands: 'POOL',
    help: 'Nodes of a pool as a map: their states, and how busy they are',
    resource: 'nodes',
    run: openMap,
  },
  {
    names: ['grep', 'search'],
    operands: 'JOB [FILE] /PATTERN',
    help: 'Search in stderr.txt, or another file, of the tasks that failed or are marked',
    resource: 'tasks',
    run: search,
  },
  {
    names: ['progress', 'times'],
    operands: 'JOB',
    help: 'How far a job is: pace, end, times of its tasks, and its nodes over time',
    resource: 'tasks',
    run: showProgress,
  },
  {
    names: ['results', 'outputs'],
    help: 'Blobs with the results of the job or the task under the cursor',
    run: (services) => showResults(services),
  },
  {
    names: ['save', 'export'],
    operands: 'csv or json',
    help: 'The rows of the list as they are shown, in a file; CSV unless told',
    run: saveList,
    complete: () => ROW_FORMATS,
  },
  {
    names: ['dumps', 'sd', 'screendumps', 'saved'],
    help: 'Files that were saved from azb; enter opens one in $EDITOR',
    run: ({ store }, _operands, filter) => openOwnList(store, 'dumps', filter),
  },
  {
    names: ['skin'],
    operands: 'NAME',
    help: 'Other colours',
    run: wearSkin,
    complete: ({ preferences }) => Object.keys(preferences.skins),
  },
  {
    names: ['accounts', 'contexts'],
    help: 'The accounts that azb knows, to go to another one',
    run: openAccount,
    complete: accountNames,
  },
  {
    names: ['account', 'acct', 'context', 'ctx'],
    operands: 'NAME',
    help: 'Another account; without a name the list of them',
    run: openAccount,
    complete: accountNames,
  },
  {
    names: ['commands', 'aliases', 'alias', 'resources'],
    help: 'All resources, commands and aliases',
    run: ({ store }) => openOwnList(store, 'commands'),
  },
];

/** The command with this name, in any case. */
export function findCommand(name: string): PromptCommand | undefined {
  return PROMPT_COMMANDS.find((candidate) => candidate.names.includes(name.toLowerCase()));
}

/** A path is split at its slashes like all that stands behind a name. */
function search(services: Services, [job, ...path]: readonly string[], pattern: string): void {
  if (job === undefined) {
    throw new UsageError('grep needs a job, and what shall be looked for', {
      next: ':grep JOB /error|killed',
    });
  }
  if (services.port === undefined) flash(services.store, 'warn', NO_ACCOUNT);
  else searchLines(services, job, path.length === 0 ? undefined : path.join('/'), pattern);
}

function showProgress({ store, port }: Services, [job]: readonly string[]): void {
  const view = topView(store.getState());
  const here = view.kind !== 'list' ? undefined : view.resource === 'jobs' ? view.cursor : view.scope.job;
  const id = job ?? here;
  if (id === undefined) throw new UsageError('progress of which job?', { next: ':progress JOB' });
  if (port === undefined) flash(store, 'warn', NO_ACCOUNT);
  else pushView(store, textView('progress', 'jobs', {}, id));
}

function openMap(services: Services, operands: readonly string[], filter: string): void {
  const command = { name: 'map', resource: resourceNamed('nodes'), operands };
  openList(services, command, (scope) => mapView(scope, filter));
}

/** The accounts of the configuration, and those that were seen in the list of accounts. */
function accountNames(state: AppState): string[] {
  const listed = knownIds(state, resourceNamed('accounts'), {});
  return [...new Set([...state.preferences.accounts.map(({ name }) => name), ...listed])];
}

function openAccount(services: Services, [name]: readonly string[], filter: string): void {
  const { store, host, management } = services;
  if (name === undefined) {
    openOwnList(store, 'accounts', filter);
    return;
  }
  const accounts = accountNames(store.getState());
  const { session } = store.getState();
  const account = accounts.find((known) => known.toLowerCase() === name.toLowerCase());
  const isConfigured = store
    .getState()
    .preferences.accounts.some((known) => known.name === account && known.problem === undefined);
  const isOpen = session.account !== undefined && account === session.account.name;
  if (!isOpen && !isConfigured && management !== undefined) {
    // Whoever names an account that nobody configured may still have it in a subscription.
    services.background(openManaged(services, account ?? name));
    return;
  }
  if (account === undefined) {
    throw new UsageError(`no account ${name} is configured`, {
      next:
        accounts.length === 0
          ? 'add it to accounts in config.yaml'
          : accounts.map((known) => `:account ${known}`).join(' or '),
    });
  }
  if (isOpen) flash(store, 'info', `${account} is open already`);
  else host.openAccount(account);
}

function saveList(services: Services, [name = 'csv']: readonly string[]): void {
  const format = ROW_FORMATS.find((candidate) => candidate === name.toLowerCase());
  if (format === undefined) {
    throw new UsageError(`rows are not saved as ${name}`, {
      next: ROW_FORMATS.map((known) => `:save ${known}`).join(' or '),
    });
  }
  saveRows(services, format);
}

function wearSkin({ store }: Services, [name]: readonly string[]): void {
  const { preferences } = store.getState();
  const names = Object.keys(preferences.skins);
  if (name === undefined) {
    flash(store, 'info', `the skin is ${preferences.skin}; there are ${names.join(', ')}`);
    return;
  }
  if (!names.includes(name)) {
    throw new UsageError(`there is no skin ${name}`, {
      next: names.map((known) => `:skin ${known}`).join(' or '),
    });
  }
  store.setState({ preferences: { ...preferences, skin: name } });
  flash(store, 'info', `skin ${name}; skin: ${name} in config.yaml keeps it`);
}
