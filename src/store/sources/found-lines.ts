import type { Line } from '../../resources/line.ts';
import type { Task } from '../../resources/task.ts';
import type { FoundLine } from './output-search.ts';

/** Gathers what was found task by task, and counts how many tasks say the same. */
export class FoundLines {
  readonly #job: string;
  readonly #path: string;
  readonly #found = new Map<string, { readonly task: Task; readonly lines: readonly FoundLine[] }>();
  readonly #numbers = new Map<string, number>();

  constructor(job: string, path: string) {
    this.#job = job;
    this.#path = path;
  }

  /** What was found of a task; of one that ran again it takes the place of what was found before. */
  put(task: Task, lines: readonly FoundLine[]): void {
    if (lines.length > 0) this.#found.set(task.id, { task, lines });
    else this.#found.delete(task.id);
    for (const { shape } of lines) {
      if (!this.#numbers.has(shape)) this.#numbers.set(shape, this.#numbers.size + 1);
    }
  }

  /** Forgets what was found of tasks that are not among these. */
  only(tasks: Pick<ReadonlySet<string>, 'has'>): void {
    for (const id of [...this.#found.keys()]) if (!tasks.has(id)) this.#found.delete(id);
  }

  /** What most tasks say first; of each, the tasks in the order in which they were searched. */
  rows(most = Number.POSITIVE_INFINITY): Line[] {
    const groups = new Map<string, { readonly task: Task; readonly line: FoundLine }[]>();
    for (const { task, lines } of this.#found.values()) {
      for (const line of lines) {
        const group = groups.get(line.shape);
        if (group === undefined) groups.set(line.shape, [{ task, line }]);
        else group.push({ task, line });
      }
    }
    const ordered = [...groups].sort(
      ([left, some], [right, others]) =>
        others.length - some.length || this.#number(left) - this.#number(right),
    );
    const rows: Line[] = [];
    for (const [shape, members] of ordered) {
      for (const [index, { task, line }] of members.entries()) {
        if (rows.length >= most) return rows;
        rows.push(this.#row(task, line, this.#number(shape), members.length, index === 0));
      }
    }
    return rows;
  }

  #number(shape: string): number {
    return this.#numbers.get(shape) ?? 0;
  }

  #row(
    { id, executionInfo, nodeInfo }: Task,
    found: FoundLine,
    like: number,
    tasks: number,
    isFirst: boolean,
  ): Line {
    return {
      job: this.#job,
      task: id,
      path: this.#path,
      line: found.line,
      lines: found.count,
      like,
      tasks,
      isFirst,
      exitCode: executionInfo?.exitCode,
      pool: nodeInfo?.poolId,
      node: nodeInfo?.nodeId,
      ended: executionInfo?.endTime,
    };
  }
}
