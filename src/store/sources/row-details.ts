import type { BatchPort, StateCounts } from '../../api/port.ts';
import { ServiceError } from '../../lib/errors.ts';
import type { Entity, Resource } from '../../resources/types.ts';

/** Rows asked about at a look: what a list costs must not grow with what is on the screen. */
const AT_A_LOOK = 4;
/** As long as nothing is known of some of them. */
const AT_FIRST = 12;
/** At a time. Of more than ten requests that end by one signal Node warns, and a terminal shows it in the midst of the picture. */
const AT_ONCE = 8;
/** Rows that a filter or the order waits for, of which nothing is known: that many more at a look. */
const AWAITED = 60;
/** Milliseconds that what was told of a row on the screen holds. */
const HOLDS = 10_000;
/** Of one off the screen, which only decides about filter and order. */
const HOLDS_UNSEEN = 60_000;

/** The rows that may be asked about. */
export interface AskedIds {
  readonly visible: readonly string[];
  /** Those whose place in the list, or whether they are in it, depends on the answer. */
  readonly weighed: readonly string[];
}

interface Detail {
  readonly counts: StateCounts;
  readonly askedAt: number;
  /** When the row that it was told of was made, as soon as that is seen. */
  readonly createdAt?: string | undefined;
}

/**
 * What the service tells of a row only when asked about it alone: how many tasks of a job are in which state. Asked for
 * rows on the screen, and for the others only where a filter or the order goes by it; a few at a look, those first that
 * wait longest. Of rows that a filter waits for, more are asked about at a look until all are known once.
 */
export class RowDetails {
  readonly #resource: Resource<Entity>;
  readonly #known = new Map<string, Detail>();

  constructor(resource: Resource<Entity>) {
    this.#resource = resource;
  }

  /** The rows with what is known of them; the same objects where nothing is. */
  on(rows: readonly Entity[]): readonly Entity[] {
    if (this.#known.size === 0) return rows;
    return rows.map((row) => {
      const detail = this.#of(row);
      return detail === undefined ? row : { ...row, taskCounts: detail.counts };
    });
  }

  /** What is known of a row; what was told of an earlier one of the same id is forgotten. */
  #of(row: Entity): Detail | undefined {
    const id = this.#resource.idOf(row);
    const detail = this.#known.get(id);
    const { creationTime: createdAt } = row as { readonly creationTime?: string };
    if (detail === undefined || detail.createdAt === createdAt) return detail;
    if (detail.createdAt === undefined) {
      this.#known.set(id, { ...detail, createdAt });
      return detail;
    }
    this.#known.delete(id);
    return undefined;
  }

  /** Asks about some of the rows; `tell` hears each time that more is known. What cannot be told stays unknown. */
  async ask(
    port: BatchPort,
    { visible, weighed }: AskedIds,
    now: () => number,
    signal: AbortSignal,
    tell: () => void,
  ): Promise<void> {
    if (this.#resource.details !== 'taskCounts') return;
    const due = inTurns(this.#due(visible, now() - HOLDS), this.#due(weighed, now() - HOLDS_UNSEEN));
    const isNew = due.some(isUnknown);
    const first = [...new Set(due.map(({ id }) => id))].slice(0, isNew ? AT_FIRST : AT_A_LOOK);
    const asked = new Set(first);
    const awaited = this.#due(weighed, Number.NEGATIVE_INFINITY).flatMap(({ id }) =>
      asked.has(id) ? [] : id,
    );
    const ids = [...first, ...awaited.slice(0, AWAITED)];
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      await this.#askAll(port, ids.slice(from, from + AT_ONCE), now, signal);
      tell();
    }
  }

  async #askAll(
    port: BatchPort,
    ids: readonly string[],
    now: () => number,
    signal: AbortSignal,
  ): Promise<void> {
    await Promise.all(
      ids.map(async (id) => {
        try {
          const { tasks } = await port.taskCounts(id, signal);
          this.#known.set(id, { counts: tasks, askedAt: now() });
        } catch (error) {
          // The job may be gone by now, which the list will tell.
          if (!(error instanceof ServiceError) || error.status !== 404) throw error;
        }
      }),
    );
  }

  /** Those that were asked about before a time, or never. */
  #due(ids: readonly string[], before: number): Due[] {
    return ids
      .map((id) => ({ id, askedAt: this.#known.get(id)?.askedAt ?? Number.NEGATIVE_INFINITY }))
      .filter(({ askedAt }) => askedAt <= before)
      .sort((left, right) => left.askedAt - right.askedAt);
  }
}

interface Due {
  readonly id: string;
  /** Before all time where it never was. */
  readonly askedAt: number;
}

function isUnknown({ askedAt }: Due): boolean {
  return askedAt === Number.NEGATIVE_INFINITY;
}

/**
 * Those on the screen of which nothing is known come first. All others come in turns: a screen full of rows falls due again
 * as fast as it is asked about, and what a filter or the order waits for would never be.
 */
function inTurns(visible: readonly Due[], weighed: readonly Due[]): Due[] {
  const first = visible.filter(isUnknown);
  const others = visible.slice(first.length);
  const rounds = Array.from({ length: Math.max(others.length, weighed.length) }, (_, at) => at);
  return [...first, ...rounds.flatMap((at) => [others[at] ?? [], weighed[at] ?? []].flat())];
}
