import { ServiceError } from '../lib/errors.ts';
import type { Entity, Scope } from '../resources/types.ts';
import type { ResourceAdapter } from './adapter.ts';
import type { Page } from './port.ts';
import type { Transport } from './wire/transport.ts';

type ListPage = ResourceAdapter['listPage'];

/** For lists whose entities cannot be asked for alone: reads the list until the entity of the id comes. */
export function findInList(
  listPage: ListPage,
  idOf: (row: Entity) => string,
): NonNullable<ResourceAdapter['get']> {
  return async (transport: Transport, scope: Scope, id: string, signal: AbortSignal) => {
    let next: string | undefined;
    do {
      const query = next === undefined ? {} : { next };
      const page: Page = await listPage(transport, scope, query, signal);
      const found = page.rows.find((row) => idOf(row) === id);
      if (found !== undefined) return found;
      next = page.next;
    } while (next !== undefined);
    throw new ServiceError({
      status: 404,
      code: 'ResourceNotFound',
      message: `${id} is not in its list any more`,
    });
  };
}
