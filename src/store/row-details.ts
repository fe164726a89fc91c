import type { BatchPort, StateCounts } from '../api/port.ts';
import { ServiceError } from '../lib/errors.ts';
import type { Entity, Resource } from '../resources/types.ts';

/** Rows asked about at a look: what a list costs must not grow with what is on the screen. */
const AT_A_LOOK = 4;
/** As long as nothing is known of some of them. */
const AT_FIRST = 12;
/** Milliseconds that what was told of a row holds. */
const HOLDS = 10_000;

interface Detail {
  readonly counts: StateCounts;
  readonly askedAt: number;
  /** When the row that it was told of was made, as soon as that is seen. */
  readonly createdAt?: string | undefined;
}

/**
 * What the service tells of a row only when asked about it alone: how many tasks of a job are in which state. Asked for
 * rows on the screen only, a few at a look, those first that wait longest.
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

  /** Asks about some of the rows on the screen; says whether anything was. What cannot be told stays unknown. */
  async ask(
    port: BatchPort,
    visibleIds: readonly string[],
    now: () => number,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (this.#resource.details !== 'taskCounts') return false;
    const due = visibleIds
      .map((id) => ({ id, askedAt: this.#known.get(id)?.askedAt ?? Number.NEGATIVE_INFINITY }))
      .filter(({ askedAt }) => now() - askedAt >= HOLDS)
      .sort((left, right) => left.askedAt - right.askedAt);
    const isNew = due[0]?.askedAt === Number.NEGATIVE_INFINITY;
    const asked = due.slice(0, isNew ? AT_FIRST : AT_A_LOOK);
    await Promise.all(
      asked.map(async ({ id }) => {
        try {
          const { tasks } = await port.taskCounts(id, signal);
          this.#known.set(id, { counts: tasks, askedAt: now() });
        } catch (error) {
          // The job may be gone by now, which the list will tell.
          if (!(error instanceof ServiceError) || error.status !== 404) throw error;
        }
      }),
    );
    return asked.length > 0;
  }
}
