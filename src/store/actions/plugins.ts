import { exactCell } from '../../resources/format.ts';
import { resourceNamed } from '../../resources/registry.ts';
import { topView } from '../app-store.ts';
import { flash, flashError } from '../flash.ts';
import { cursorIndex, targetIds } from '../list-moves.ts';
import { openPanel } from '../panel.ts';
import type { PluginCommand } from '../preferences.ts';
import type { Services } from '../services.ts';

/** The values of the variables that a plugin's arguments may name; one without a value here is absent. */
export type PluginVariables = Readonly<Record<string, string>>;

/** `$NAME` or `${NAME}`; other dollars are the program's own. */
const VARIABLE = /\$\{([A-Z]+(?:-[^}]+)?)\}|\$(COL-[A-Za-z0-9-]*[A-Za-z0-9]|[A-Z]+)/g;

/** What each variable is; `COL-NAME` stands for any column besides. */
export const PLUGIN_VARIABLES: Readonly<Record<string, string>> = {
  ID: 'the id under the cursor',
  IDS: 'the marked ids, or else the one under the cursor; as an argument alone, one argument an id; `JOB/TASK` where a list is of all jobs',
  RESOURCE: 'the resource of the list: `tasks`',
  POOL: 'the pool of the list or under the cursor',
  NODE: 'the node of the list or under the cursor',
  JOB: 'the job of the list or under the cursor',
  TASK: 'the task of the list or under the cursor',
  FILTER: 'what stands behind `/`',
  ACCOUNT: 'the name of the account',
  ENDPOINT: 'the address of the account',
  REGION: 'the region of the account',
};

/**
 * A plugin's arguments with their variables filled in; an argument that is `$IDS` alone becomes one argument an
 * id. `missing` names the variables that have no value here; the account's key is none of them.
 */
export function pluginArguments(
  args: readonly string[],
  variables: PluginVariables,
  ids: readonly string[],
): { readonly args: readonly string[]; readonly missing: readonly string[] } {
  const missing = new Set<string>();
  const filled = args.flatMap((arg) => {
    if (arg === '$IDS' || arg === '${IDS}') return ids;
    return arg.replace(VARIABLE, (text: string, braced?: string, plain?: string) => {
      const name = (braced ?? plain ?? '').toUpperCase();
      if (!Object.hasOwn(PLUGIN_VARIABLES, name) && !name.startsWith('COL-')) return text;
      const value = variables[name];
      if (value === undefined) missing.add(name);
      return value ?? '';
    });
  });
  return { args: filled, missing: [...missing] };
}

/** Runs a plugin on the row under the cursor, or on the marked rows; asks first when it says so. */
export function startPlugin(services: Services, name: string): void {
  const { store } = services;
  const plugin = store.getState().preferences.plugins.find((candidate) => candidate.name === name);
  const here = variablesHere(services);
  if (plugin === undefined || here === undefined) return;
  const { args, missing } = pluginArguments(plugin.args, here.variables, here.ids);
  if (missing.length > 0) {
    const names = missing.map((variable) => `$${variable}`).join(', ');
    flash(store, 'warn', `${plugin.name} needs ${names}, which has no value here`);
    return;
  }
  if (!plugin.confirm && !plugin.dangerous) {
    services.background(run(services, plugin, args));
    return;
  }
  openPanel(services, {
    title: `${plugin.help}?`,
    lines: [{ text: [plugin.command, ...args].map(quoted).join(' ') }],
    buttons: [
      { label: 'Cancel' },
      {
        label: 'Run',
        danger: plugin.dangerous,
        work: () => {
          store.setState({ overlay: undefined });
          return run(services, plugin, args);
        },
      },
    ],
  });
}

function variablesHere({
  store,
  listings,
}: Services): { readonly variables: PluginVariables; readonly ids: readonly string[] } | undefined {
  const state = store.getState();
  const view = topView(state);
  if (view.kind !== 'list') return undefined;
  const listing = listings.of(state, view);
  const { resource } = listing;
  const row = listing.rows[cursorIndex(view, listing)];
  const id = row === undefined ? undefined : resource.idOf(row);
  const { account } = state.session;
  const home = row === undefined ? undefined : resource.home?.(row);
  const { pool, node, job, task } = home?.scope ?? view.scope;
  const part = home === undefined ? resource.part : resourceNamed(home.resource).part;
  const own = part === undefined ? {} : { [part.toUpperCase()]: home?.id ?? id };
  const cells = resource.columns.flatMap((column) => {
    const value = row === undefined ? undefined : exactCell(column.value(row), column.kind);
    return [column.id, column.title].map((name) => [`COL-${name.toUpperCase()}`, value] as const);
  });
  const ids = targetIds({ ...view, cursor: id });
  const values: Readonly<Record<string, string | undefined>> = {
    POOL: pool,
    NODE: node,
    JOB: job,
    TASK: task,
    ...own,
    ID: home?.id ?? id,
    IDS: ids.join(' '),
    RESOURCE: view.resource,
    FILTER: view.filter,
    ACCOUNT: account?.name,
    ENDPOINT: account?.endpoint,
    REGION: account?.region,
    ...Object.fromEntries(cells),
  };
  return { variables: withValues(values), ids };
}

function withValues(values: Readonly<Record<string, string | undefined>>): PluginVariables {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

async function run(services: Services, plugin: PluginCommand, args: readonly string[]): Promise<void> {
  const { store, host, poller } = services;
  try {
    const [command, words] = plugin.pause ? paused(plugin.command, args) : [plugin.command, args];
    const status = plugin.background
      ? await host.runInBackground(plugin.command, args)
      : host.runProgram(command, words);
    if (status === 0) flash(store, 'info', `${plugin.name}: done`);
    else flash(store, 'warn', `${plugin.name} ended with status ${status}`);
    poller.refresh();
  } catch (error) {
    flashError(store, error);
  }
}

/** The program in a shell that waits for enter after it, so that its output can be read before azb is drawn again. */
function paused(command: string, args: readonly string[]): readonly [string, readonly string[]] {
  const line = '"$@"; status=$?; printf "\\n[enter goes back to azb] "; read -r _; exit $status';
  return ['/bin/sh', ['-c', line, 'sh', command, ...args]];
}

/** As a shell would want it, for reading. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
