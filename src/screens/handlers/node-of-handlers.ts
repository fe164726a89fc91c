import type { FailureGroup } from '../../lib/failure-groups.ts';
import type { Line } from '../../resources/line.ts';
import type { Entity } from '../../resources/types.ts';
import { flash } from '../../store/flash.ts';
import { targetIds } from '../../store/list-moves.ts';
import { listView, pushView } from '../../store/views.ts';
import type { Handlers, ScreenContext } from '../context.ts';
import { rowHere } from '../row-here.ts';

interface Place {
  readonly pool?: string | undefined;
  readonly node?: string | undefined;
}

/** Keys that go to the nodes on which something ran: there they are looked into, rebooted, or get no more tasks. */
export const NODE_OF_HANDLERS: Handlers = {
  'lines.node': (context) => goToNodes(context, 'its node is not known', (row) => row as Line),
  'failures.node': (context) =>
    goToNodes(context, 'this is no group by node: 3 shows those', (row) => {
      const { by, pool, value } = row as FailureGroup;
      return by === 'node' ? { pool, node: value } : {};
    }),
};

/** The nodes of the marked rows, or of the one under the cursor; where they are in several pools, those of the first. */
function goToNodes(context: ScreenContext, without: string, placeOf: (row: Entity) => Place): void {
  const here = rowHere(context);
  if (here === undefined) return;
  const { store } = context.services;
  const { resource, rows } = here.listing;
  const ids = new Set(targetIds({ ...here.view, cursor: here.id }));
  const places = rows.filter((row) => ids.has(resource.idOf(row))).map(placeOf);
  const pool = places.find((place) => place.pool !== undefined && place.node !== undefined)?.pool;
  const nodes = new Set(
    places.flatMap((place) => (place.pool === pool ? (beginning(place.node) ?? []) : [])),
  );
  if (pool === undefined) flash(store, 'warn', without);
  else
    pushView(
      store,
      listView(
        'nodes',
        { pool },
        nodes.size === 1 ? `id:^${[...nodes].join()}` : `id:^(${[...nodes].join('|')})`,
      ),
    );
}

/** As much of an id as tells it from others: they have 72 characters, and a filter is to be read. */
function beginning(node: string | undefined): string | undefined {
  return node?.slice(0, 18);
}
