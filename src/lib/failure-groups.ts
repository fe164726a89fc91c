/** What is read of a failed task to group it. */
export interface FailedTask {
  readonly id: string;
  readonly nodeInfo?: { readonly nodeId?: string };
  readonly executionInfo?: {
    readonly exitCode?: number;
    readonly endTime?: string;
    readonly failureInfo?: { readonly code?: string; readonly message?: string };
  };
}

export type GroupedBy = 'exit code' | 'failure' | 'node';

/** Failed tasks that have something in common. */
export interface FailureGroup {
  readonly by: GroupedBy;
  readonly value: string;
  readonly count: number;
  /** Of all failed tasks, from 0 to 1. */
  readonly share: number;
  /** When the first and the last of them ended, as the service writes it. */
  readonly first: string | undefined;
  readonly last: string | undefined;
  /** The one that ended last. */
  readonly example: string;
  readonly message: string | undefined;
}

type Growing = { -readonly [K in keyof FailureGroup]: FailureGroup[K] };

/** What the value is called where a task has none: it never ran, or never on a node. */
export const NONE = 'none';

const KEYS: readonly (readonly [GroupedBy, (task: FailedTask) => string])[] = [
  ['exit code', (task) => String(task.executionInfo?.exitCode ?? NONE)],
  ['failure', (task) => task.executionInfo?.failureInfo?.code ?? NONE],
  ['node', (task) => task.nodeInfo?.nodeId ?? NONE],
];

/** Counts failed tasks by exit code, by failure code and by node; holds groups, never the tasks. */
export class FailureGroups {
  readonly #groups = new Map<string, Growing>();
  #total = 0;

  add(task: FailedTask): void {
    this.#total += 1;
    for (const [by, read] of KEYS) this.#count(by, read(task), task);
  }

  #count(by: GroupedBy, value: string, task: FailedTask): void {
    const key = `${by}|${value}`;
    const endTime = task.executionInfo?.endTime;
    const known = this.#groups.get(key);
    const message = task.executionInfo?.failureInfo?.message;
    if (known === undefined) {
      const times = { first: endTime, last: endTime };
      this.#groups.set(key, { by, value, count: 1, share: 0, ...times, example: task.id, message });
      return;
    }
    known.count += 1;
    if (endTime === undefined) return;
    if (known.first === undefined || endTime < known.first) known.first = endTime;
    if (known.last === undefined || endTime >= known.last) {
      known.last = endTime;
      known.example = task.id;
      known.message = message;
    }
  }

  /** Kind by kind, the largest group of each first. */
  all(): FailureGroup[] {
    const order = KEYS.map(([by]) => by);
    return [...this.#groups.values()]
      .map((group) => ({ ...group, share: group.count / this.#total }))
      .sort((a, b) => order.indexOf(a.by) - order.indexOf(b.by) || b.count - a.count);
  }
}
