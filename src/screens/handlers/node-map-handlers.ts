import { moveBy } from '../../store/list-moves.ts';
import { asMap, asTable, mapView, pushView, regrouped, updateList } from '../../store/views.ts';
import type { Handlers } from '../context.ts';
import { rowHere } from '../row-here.ts';
import { move } from './table-handlers.ts';

/** The keys of a node map that a table does not have; the others are those of any table of nodes. */
export const NODE_MAP_HANDLERS: Handlers = {
  'pools.map': (context) => {
    const here = rowHere(context);
    if (here !== undefined) pushView(context.services.store, mapView({ pool: here.id }));
  },
  'nodes.map': ({ services }) =>
    updateList(services.store, (view) => (view.layout === 'map' ? asTable(view) : asMap(view))),
  'map.left': (context) => move(context, (view, listing, window) => moveBy(view, listing, -1, window)),
  'map.right': (context) => move(context, (view, listing, window) => moveBy(view, listing, 1, window)),
  'map.group': ({ services }) => updateList(services.store, regrouped),
};
