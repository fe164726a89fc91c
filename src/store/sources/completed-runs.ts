import type { BatchPort } from '../../api/port.ts';
import { allOf, compare } from '../../lib/odata.ts';
import { ENOUGH, PACE_WINDOWS } from '../../resources/pace.ts';
import type { ProgressFacts, Run } from '../../resources/progress.ts';
import type { Task } from '../../resources/task.ts';
import { sameWord, time } from '../../resources/wire.ts';

const PAGE = 1000;
/** Completed tasks up to which all are read, page by page. */
const ALL_UP_TO = 5000;
const ALL_PAGES = ALL_UP_TO / PAGE + 1;
/** Of a larger job: pages of a sample, in the order of ids, and pages of what completed lately. */
const SAMPLE_PAGES = 3;
const RECENT_PAGES = 2;
/** Times, the longest first, of which two pages may hold all that completed. */
const RECENT = [600_000, 60_000];
/** Completed tasks that are held at most. */
const MOST_HELD = 20_000;
/** Clocks of the service's machines differ a little. */
const OVERLAP = 10_000;
const SELECT = ['id', 'creationTime', 'requiredSlots', 'executionInfo', 'nodeInfo'];
const COMPLETED = "state eq 'completed'";

/**
 * How the tasks of a job ran that have completed. The first look asks for at most seven pages: all where there are no more,
 * otherwise a sample and what completed lately. Later looks ask for one page of what completed since. With a clock, which
 * is about that of the service, only what tells the pace is asked for: mostly one page of what completed lately.
 */
export class CompletedRuns {
  readonly #port: BatchPort;
  readonly #job: string;
  readonly #completed = new Map<string, Run>();
  readonly #clock: (() => number) | undefined;
  #isSample = false;
  #knownFrom: number | undefined;
  #syncedTo: number | undefined;

  constructor(port: BatchPort, job: string, clock?: () => number) {
    this.#port = port;
    this.#job = job;
    this.#clock = clock;
  }

  /** Looks once more, at a job of which so many tasks have completed. Gives what is known then, by the service's clock. */
  async look(
    completed: number,
    signal: AbortSignal,
  ): Promise<Pick<ProgressFacts, 'completed' | 'isSample' | 'knownFrom' | 'now'>> {
    if (this.#syncedTo === undefined) this.#syncedTo = await this.#begin(completed, signal);
    else this.#syncedTo = await this.#goOn(this.#syncedTo, signal);
    return {
      completed: [...this.#completed.values()],
      isSample: this.#isSample,
      knownFrom: this.#knownFrom,
      now: this.#syncedTo,
    };
  }

  async #begin(completed: number, signal: AbortSignal): Promise<number> {
    if (this.#clock !== undefined && completed > PAGE)
      return this.#beginOfLate(completed, this.#clock(), signal);
    this.#isSample = completed > ALL_UP_TO;
    const pages = this.#isSample ? SAMPLE_PAGES : ALL_PAGES;
    const { serverTime, isMore } = await this.#read(COMPLETED, pages, signal);
    // More have completed than were counted.
    this.#isSample ||= isMore;
    if (this.#isSample) await this.#readRecent(serverTime, signal);
    return serverTime;
  }

  async #readRecent(now: number, signal: AbortSignal): Promise<void> {
    for (const window of RECENT) {
      if (await this.#readEnded(now - window, RECENT_PAGES, signal)) return;
    }
  }

  /** Reads as far back as the pace goes. A job of which all could be read has the same pace as if they had been. */
  async #beginOfLate(completed: number, now: number, signal: AbortSignal): Promise<number> {
    this.#isSample = true;
    if (completed > ALL_UP_TO) await this.#readRecent(now, signal);
    else {
      for (const window of PACE_WINDOWS) {
        if (!(await this.#readEnded(now - window, ALL_PAGES, signal))) break;
        if (this.#completed.size >= ENOUGH) break;
      }
    }
    return now;
  }

  /** Says whether all is known now that ended from then on. */
  async #readEnded(from: number, pages: number, signal: AbortSignal): Promise<boolean> {
    const ended = compare('executionInfo/endTime', 'ge', new Date(from));
    const { isMore } = await this.#read(`${COMPLETED} and ${ended}`, pages, signal);
    if (!isMore) this.#knownFrom = from;
    return !isMore;
  }

  async #goOn(syncedTo: number, signal: AbortSignal): Promise<number> {
    const since = compare('stateTransitionTime', 'ge', new Date(syncedTo - OVERLAP));
    const { serverTime, isMore } = await this.#read(allOf([COMPLETED, since]) ?? COMPLETED, 1, signal);
    if (isMore) {
      this.#isSample = true;
      this.#knownFrom = serverTime;
    }
    return serverTime;
  }

  async #read(
    filter: string,
    pages: number,
    signal: AbortSignal,
  ): Promise<{ readonly serverTime: number; readonly isMore: boolean }> {
    let page = await runsPage(this.#port, this.#job, { filter }, signal);
    const { serverTime } = page;
    this.#keep(page.runs);
    for (let read = 1; read < pages && page.next !== undefined; read += 1) {
      page = await runsPage(this.#port, this.#job, { next: page.next }, signal);
      this.#keep(page.runs);
    }
    return { serverTime, isMore: page.next !== undefined };
  }

  #keep(runs: readonly Run[]): void {
    for (const run of runs) this.#completed.set(run.task, run);
    for (const [id, { end = 0 }] of this.#completed) {
      if (this.#completed.size <= MOST_HELD) return;
      this.#completed.delete(id);
      this.#isSample = true;
      this.#knownFrom = Math.max(this.#knownFrom ?? 0, end);
    }
  }
}

/** A page of how tasks ran that a filter lets through, or the page that another one leads to. */
export async function runsPage(
  port: BatchPort,
  job: string,
  asked: { readonly filter: string } | { readonly next: string },
  signal: AbortSignal,
) {
  const query = 'next' in asked ? asked : { ...asked, select: SELECT };
  const { rows, serverTime, next } = await port.listPage('tasks', { job }, query, signal);
  return { runs: (rows as readonly Task[]).flatMap((task) => runOf(task) ?? []), serverTime, next };
}

/** A run of a task; undefined of one that never began. */
function runOf({
  id,
  creationTime,
  requiredSlots = 1,
  executionInfo: info,
  nodeInfo,
}: Task): Run | undefined {
  const start = time(info?.startTime)?.getTime();
  if (start === undefined) return undefined;
  return {
    task: id,
    node: nodeInfo?.nodeId,
    slots: requiredSlots,
    created: time(creationTime)?.getTime(),
    start,
    end: time(info?.endTime)?.getTime(),
    failed: sameWord(info?.result, 'failure'),
  };
}
