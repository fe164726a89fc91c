import type { ListQuery, Page } from '../../src/api/port.ts';
import type { Entity } from '../../src/resources/types.ts';
import { page } from './scripted-port.ts';

/** Answers as the service does for a list in the order of ids: pages, comparisons of ids, times of change. */
export function pageOf(all: readonly (Entity & { id: string })[], query: ListQuery): Page {
  const { filter = '', next, pageSize = 1000 } = query;
  // The service may answer with an empty page that is not the last one.
  if (next === undefined && filter.startsWith('id ge')) return page([], '0');
  const from = Number(next ?? '0');
  const bounds = [...filter.matchAll(/id (g[te]|l[te]) '([^']*)'/g)];
  const since = /stateTransitionTime ge DateTime'([^']*)'/.exec(filter)?.[1] ?? '';
  const rows = all.filter(
    (row) =>
      bounds.every(([, op = '', id = '']) => holds(row.id, op, id)) &&
      (since === '' || ((row as { stateTransitionTime?: string }).stateTransitionTime ?? '') >= since),
  );
  const end = from + pageSize;
  return page(rows.slice(from, end), end < rows.length ? String(end) : undefined);
}

function holds(id: string, op: string, bound: string): boolean {
  if (id === bound) return op.endsWith('e');
  return op.startsWith('g') === id > bound;
}
