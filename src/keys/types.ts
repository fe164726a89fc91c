/**
 * Where a key works. A view is in several scopes at once: the tasks screen is in `tasks`, `table` and `global`,
 * and the first scope that knows a key takes it. A dialog, a form or a prompt takes every key while it is open.
 */
export type KeyScope =
  | 'global'
  | 'table'
  | 'pools'
  | 'nodes'
  | 'map'
  | 'jobs'
  | 'tasks'
  | 'files'
  | 'containers'
  | 'blobs'
  | 'applications'
  | 'packages'
  | 'jobschedules'
  | 'certificates'
  | 'preparations'
  | 'nodetasks'
  | 'subtasks'
  | 'accounts'
  | 'accountkeys'
  | 'quotas'
  | 'text'
  | 'tail'
  | 'help'
  | 'prompt'
  | 'dialog'
  | 'form'
  | 'picker';

export interface Binding {
  /** What it does: `table.down`, `pools.resize`. Handlers and resource actions are found by this name. */
  readonly id: string;
  readonly scope: KeyScope;
  /** Key names as the key reader gives them: `j`, `G`, `ctrl-d`, `shift-tab`. */
  readonly keys: readonly string[];
  /** A few words, for the menu, the help and docs/keys.md. */
  readonly help: string;
  /** Changes something in the account: not there in read-only mode. */
  readonly dangerous?: boolean;
  /** Left out of the header's menu, which has room for the most wanted ones only. */
  readonly quiet?: boolean;
}
