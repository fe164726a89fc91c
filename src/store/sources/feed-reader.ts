import type { BatchPort, Page } from '../../api/port.ts';
import { allOf, compare } from '../../lib/odata.ts';
import { resourceNamed } from '../../resources/registry.ts';
import type { Entity, Resource } from '../../resources/types.ts';
import type { Feed, ListView } from '../state.ts';
import { countRows } from './feed-count.ts';
import type { ReadRows } from './feed-window.ts';

/** What is asked of the service for one list: only the properties that are shown. */
export class FeedReader {
  readonly #port: BatchPort;
  readonly #view: ListView;
  readonly #resource: Resource<Entity>;
  /** The rows by state, as they were last counted. */
  states: Feed['states'];

  constructor(port: BatchPort, view: ListView) {
    this.#port = port;
    this.#view = view;
    this.#resource = resourceNamed(view.resource);
  }

  /** One page: the first one with a filter, or the one that a page before named as the next. */
  page(next: string | undefined, filter: string | undefined, signal: AbortSignal): Promise<Page> {
    const query = {
      ...(this.#resource.selectable ? { select: selectOf(this.#resource) } : {}),
      ...(filter === undefined ? {} : { filter }),
      ...(next === undefined ? {} : { next }),
      ...(this.#resource.name === 'files' ? { recursive: true } : {}),
    };
    return this.#port.listPage(this.#resource.name, this.#view.scope, query, signal);
  }

  /** The first rows that the view's own filter and another let through, or their ids only. */
  rows(signal: AbortSignal): ReadRows {
    return async (filter, { ids, most }) => {
      const select = ids ? ['id'] : selectOf(this.#resource);
      const whole = allOf([this.#view.pushedFilter, filter]);
      const query = { select, pageSize: most, ...(whole === undefined ? {} : { filter: whole }) };
      const rows: Entity[] = [];
      let next: string | undefined;
      do {
        // A page may be short, even empty, and not be the last one.
        const asked = next === undefined ? query : { ...query, next };
        const page = await this.#port.listPage(this.#resource.name, this.#view.scope, asked, signal);
        rows.push(...page.rows);
        next = page.next;
      } while (next !== undefined && rows.length < most);
      return { rows, isMore: next !== undefined };
    };
  }

  /** Rows with these ids, where they stand in the order of their ids: then one range holds them all. */
  async range(ids: readonly string[], signal: AbortSignal): Promise<readonly Entity[]> {
    const [first, last] = [ids[0], ids[ids.length - 1]];
    if (this.#resource.seekable !== true || first === undefined || last === undefined || !isAscending(ids))
      return [];
    const range = allOf([compare('id', 'ge', first), compare('id', 'le', last)]);
    return (await this.page(undefined, range, signal)).rows;
  }

  /** Rows that the service counts; undefined where it does not count. */
  async total(signal: AbortSignal): Promise<number | undefined> {
    const { scope, pushedFilter } = this.#view;
    const count = await countRows(this.#port, { resource: this.#resource, scope, pushedFilter }, signal);
    this.states = count?.states;
    return count?.total;
  }
}

function isAscending(ids: readonly string[]): boolean {
  return ids.every((id, index) => index === 0 || (ids[index - 1] ?? '') < id);
}

/** The properties that the columns, the tones and the actions read. */
export function selectOf(resource: Resource<Entity>): string[] {
  const wanted = resource.columns.flatMap((column) => column.select);
  return [...new Set([...wanted, ...resource.alsoSelect])];
}
