import type { Column, Entity, Resource } from './types.ts';

/** A column by its id, and the cells that it may take if other than usual. */
export interface WantedColumn {
  readonly column: string;
  readonly width?: number | undefined;
}

/**
 * The columns of a list in their order. Without a wish: all but the wide ones. With one: exactly those that are
 * wished for, and the wide list appends the others.
 */
export function layoutColumns(
  resource: Pick<Resource<Entity>, 'columns'>,
  wanted: readonly WantedColumn[] | undefined,
  wide: boolean,
): readonly Column<Entity>[] {
  if (wanted === undefined) return resource.columns.filter((column) => wide || column.wide !== true);
  const chosen = wanted.flatMap(({ column: id, width }) => {
    const column = resource.columns.find((candidate) => candidate.id === id);
    if (column === undefined) return [];
    return [width === undefined ? column : { ...column, maxWidth: width }];
  });
  if (!wide) return chosen;
  return [...chosen, ...resource.columns.filter(({ id }) => !chosen.some((column) => column.id === id))];
}
