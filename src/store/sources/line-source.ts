import type { BatchPort } from '../../api/port.ts';
import { drain } from '../../lib/drain.ts';
import { AzbError, askedWait, isMissing, UsageError } from '../../lib/errors.ts';
import { allOf, compare } from '../../lib/odata.ts';
import { compilePattern } from '../../lib/pattern.ts';
import { counted, countText } from '../../lib/units.ts';
import { resourceNamed } from '../../resources/registry.ts';
import type { Task } from '../../resources/task.ts';
import { EMPTY_FEED } from '../app-store.ts';
import { feedKeyOf } from '../keys-of.ts';
import type { Feed, ListView } from '../state.ts';
import { mergeWhole } from './feed-merge.ts';
import { FoundLines } from './found-lines.ts';
import { FAILED, MOST_SEARCHED, SEARCHED_AT_ONCE, searchFile, taskPages } from './output-search.ts';
import { failureStatus, type Source, type SourceContext } from './source.ts';

/** Clocks of the service's machines differ a little. */
const OVERLAP = 10_000;
/** Milliseconds between two times that what was found so far is shown: each counts all of it anew. */
const SHOW_EVERY = 250;

/**
 * Searches the ends of the output of a job's failed tasks, or of tasks that were marked, and goes on with those that fail
 * later. What it asks for: the list of the tasks, a page for 1,000 of them; then two requests a task, of some tasks at a
 * time; then, four times a minute, which tasks have failed since.
 */
export class LineSource implements Source {
  readonly key: string;
  readonly #context: SourceContext;
  readonly #view: ListView;
  readonly #path: string;
  readonly #found: FoundLines;
  readonly #queue: Task[] = [];
  /** When each task ended that was searched or waits for it: one that ran again is searched again. */
  readonly #known = new Map<string, string>();
  readonly #searched = new Set<string>();
  readonly #absent = new Set<string>();
  /** There are more tasks than are searched. */
  #isMore = false;
  /** The service's clock when it was asked which tasks have failed. */
  #listedAt: number | undefined;
  /** Milliseconds until it goes on where it was interrupted. */
  #pause: number | undefined;
  #shownAt = Number.NEGATIVE_INFINITY;

  constructor(context: SourceContext, view: ListView) {
    this.#context = context;
    this.#view = view;
    this.#path = view.scope.file ?? '';
    this.#found = new FoundLines(view.scope.job ?? '', this.#path);
    this.key = feedKeyOf(view);
  }

  async tick(signal: AbortSignal): Promise<void> {
    if (this.#isStopped() || this.#isAtEnd()) {
      if (this.#feed().isAtRest !== true) this.#set({ isAtRest: true });
      return;
    }
    const test = testOf(this.#view.scope.pattern ?? '');
    await this.#list(signal);
    this.#show();
    await this.#searchAll(test, signal).finally(() => this.#show());
    signal.throwIfAborted();
  }

  /** Of hundreds of files the service turns some away: as long as some are read, it goes on soon. */
  async #searchAll(test: (line: string) => boolean, signal: AbortSignal): Promise<void> {
    const before = this.#queue.length;
    this.#pause = undefined;
    try {
      await drain(
        this.#queue,
        SEARCHED_AT_ONCE,
        (task) => this.#search(task, test, signal),
        () => !signal.aborted && !this.#isStopped(),
      );
      if (this.#queue.length === 0) this.#found.only(this.#known);
    } catch (error) {
      if (!(error instanceof AzbError) || signal.aborted || this.#queue.length >= before) throw error;
      this.#pause = Math.max(
        askedWait(error) ?? 0,
        this.#context.store.getState().session.refreshSeconds * 1000,
      );
    }
  }

  /** A search that was stopped goes on; one that is through begins anew, and shows what it has until that is replaced. */
  again(): void {
    if (this.#isStopped()) this.#set({ isStopped: false });
    if (!this.#isAtEnd()) return;
    for (const each of [this.#known, this.#searched, this.#absent]) each.clear();
    this.#isMore = false;
    this.#listedAt = undefined;
  }

  failed(error: AzbError, retryAt: number): void {
    this.#set({ status: failureStatus(error), error, retryAt });
  }

  forget(): void {
    this.#context.store.setState(({ feeds: { [this.key]: _, ...feeds } }) => ({ feeds }));
  }

  interval(): number {
    return this.#pause ?? (resourceNamed('lines').refreshEvery ?? 0) * 1000;
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { job = '', among } = this.#view.scope;
    const { port } = this.#context;
    if (among !== undefined) {
      if (this.#listedAt === undefined) await this.#listMarked(job, among.split(' '), signal);
      return;
    }
    if (this.#isMore) return;
    const since =
      this.#listedAt === undefined
        ? undefined
        : compare('stateTransitionTime', 'ge', new Date(this.#listedAt - OVERLAP));
    let listedAt: number | undefined;
    for await (const page of taskPages(port, job, allOf([FAILED, since]), signal)) {
      listedAt ??= page.serverTime;
      for (const task of page.tasks) this.#add(task);
      if (this.#known.size < MOST_SEARCHED) continue;
      this.#isMore ||= page.isMore;
      if (this.#isMore) break;
    }
    this.#listedAt = listedAt;
  }

  async #listMarked(job: string, ids: readonly string[], signal: AbortSignal): Promise<void> {
    const waiting = ids.filter((id) => !this.#known.has(id)).slice(0, MOST_SEARCHED);
    const { port, now } = this.#context;
    await drain(
      waiting,
      SEARCHED_AT_ONCE,
      async (id) => this.#add(await existingTask(port, job, id, signal)),
      () => !signal.aborted,
    );
    signal.throwIfAborted();
    this.#isMore = ids.length > MOST_SEARCHED;
    this.#listedAt = now();
  }

  #add(task: Task): void {
    const run = task.executionInfo?.endTime ?? '';
    if (this.#known.get(task.id) === run) return;
    if (!this.#known.has(task.id) && this.#known.size >= MOST_SEARCHED) {
      this.#isMore = true;
      return;
    }
    this.#known.set(task.id, run);
    this.#queue.push(task);
  }

  async #search(task: Task, test: (line: string) => boolean, signal: AbortSignal): Promise<void> {
    const file = { kind: 'task' as const, job: this.#view.scope.job ?? '', task: task.id, path: this.#path };
    const found = await searchFile(this.#context.port, file, test, signal);
    this.#searched.add(task.id);
    if (found === undefined) this.#absent.add(task.id);
    else this.#absent.delete(task.id);
    this.#found.put(task, found ?? []);
    if (this.#context.now() - this.#shownAt >= SHOW_EVERY) this.#show();
  }

  #show(): void {
    this.#shownAt = this.#context.now();
    const held = this.#feed();
    const fresh = this.#found.rows(this.#context.store.getState().session.rowLimit);
    const { rows } = mergeWhole(resourceNamed('lines'), held.rows, fresh);
    this.#set({
      status: 'ready',
      rows,
      complete: true,
      note: this.#note(),
      isAtRest: this.#isStopped() || this.#isAtEnd(),
      updatedAt: this.#shownAt,
      error: undefined,
      retryAt: undefined,
    });
  }

  /** How far it has come: `120 of 245 failed tasks`, `1,000 marked tasks, the first ones; 3 without the file`. */
  #note(): string {
    const which = this.#view.scope.among === undefined ? 'failed' : 'marked';
    const all = counted(this.#known.size, `${which} task`);
    const isThrough = this.#searched.size === this.#known.size;
    const tasks = isThrough ? all : `${countText(this.#searched.size)} of ${all}`;
    const more = this.#isMore ? ', the first ones' : '';
    const absent = this.#absent.size === 0 ? '' : `; ${countText(this.#absent.size)} without the file`;
    return `${this.#isStopped() ? 'stopped: ' : ''}${tasks}${more}${absent}`;
  }

  /** All is searched that is to be: marked tasks once, and no more than so many. */
  #isAtEnd(): boolean {
    const isOnce = this.#isMore || this.#view.scope.among !== undefined;
    return isOnce && this.#listedAt !== undefined && this.#queue.length === 0;
  }

  #isStopped(): boolean {
    return this.#feed().isStopped === true;
  }

  #feed(): Feed {
    return this.#context.store.getState().feeds[this.key] ?? EMPTY_FEED;
  }

  #set(change: Partial<Feed>): void {
    const feed = { ...this.#feed(), ...change };
    this.#context.store.setState(({ feeds }) => ({ feeds: { ...feeds, [this.key]: feed } }));
  }
}

/** A task that was deleted after it was marked has no output either. */
async function existingTask(port: BatchPort, job: string, id: string, signal: AbortSignal): Promise<Task> {
  try {
    return (await port.get('tasks', { job }, id, signal)) as Task;
  } catch (error) {
    if (isMissing(error)) return { id };
    throw error;
  }
}

/** The test of a pattern. @throws UsageError that says what is wrong with the pattern */
export function testOf(pattern: string): (line: string) => boolean {
  try {
    return compilePattern(pattern);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`bad pattern ${pattern}: ${why}`, {
      next: 'a regular expression, such as error|killed',
      cause,
    });
  }
}
