import type { BatchPort, ListQuery } from '../../api/port.ts';
import type { Column, Entity, Resource, Scope } from '../../resources/types.ts';

const PAGE = 1000;

/** The properties that the given columns and the resource's own functions read, without doubles. */
export function selectedProperties(
  resource: Resource<Entity>,
  columns: readonly Column<Entity>[],
): readonly string[] {
  return [...new Set([...columns.flatMap(({ select }) => select), ...resource.alsoSelect])];
}

/** The pages of a list, fetched as they are asked for; at most `limit` rows in total. */
export async function* pages(
  port: BatchPort,
  resource: Resource<Entity>,
  scope: Scope,
  query: ListQuery,
  limit: number,
  signal: AbortSignal,
  onNote: (note: string) => void = () => {},
): AsyncGenerator<readonly Entity[]> {
  let left = limit;
  let next: string | undefined;
  do {
    const page = await port.listPage(
      resource.name,
      scope,
      { ...query, pageSize: Math.min(PAGE, left), ...(next === undefined ? {} : { next }) },
      signal,
    );
    const rows = page.rows.slice(0, left);
    left -= rows.length;
    next = page.next;
    if (page.note !== undefined) onNote(page.note);
    yield rows;
  } while (next !== undefined && left > 0);
}
