/**
 * Which part of a list too long to hold is held: it begins as the list does, and slides as the user moves beyond its
 * edges, without ever holding more than the limit. Only for lists that the service orders by id (`Resource.seekable`).
 */
import { allOf, compare } from '../../lib/odata.ts';
import type { Entity, Resource } from '../../resources/types.ts';
import { type End, findLastId, findPageStart, guessLast, type IdList } from './id-seek.ts';
import type { Slide } from './source.ts';

const PAGE = 1000;

/** Rows that follow each other in the service's list. */
export interface Held {
  readonly rows: readonly Entity[];
  /** There are rows before the first one held. */
  readonly cutStart: boolean;
  /** There are rows after the last one held. */
  readonly cutEnd: boolean;
}

/** Reads the first rows that match, in the service's order; `ids` asks for nothing but their ids. */
export type ReadRows = (
  filter: string | undefined,
  options: { readonly ids: boolean; readonly most: number },
) => Promise<{ readonly rows: readonly Entity[]; readonly isMore: boolean }>;

export interface WindowContext {
  readonly resource: Resource<Entity>;
  readonly read: ReadRows;
  /** Rows held at most. */
  readonly limit: number;
  /** Rows of the whole list, where the service counts them. */
  readonly total: number | undefined;
}

/** What is held after a slide; the same object where there is nothing to slide to. */
export function slide(context: WindowContext, held: Held, to: Exclude<Slide, 'start'>): Promise<Held> {
  switch (to) {
    case 'later':
      return later(context, held);
    case 'earlier':
      return earlier(context, held);
    case 'end':
      return atEnd(context, held);
  }
}

/** The part of the filter that says where what is held begins and ends. */
export function boundsFilter(
  resource: Resource<Entity>,
  { rows, cutStart, cutEnd }: Held,
): string | undefined {
  const [first, last] = [rows[0], rows[rows.length - 1]];
  const parts = [
    cutStart && first !== undefined ? compare('id', 'ge', resource.idOf(first)) : undefined,
    cutEnd && last !== undefined ? compare('id', 'le', resource.idOf(last)) : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(' and ');
}

async function later({ resource, read, limit }: WindowContext, held: Held): Promise<Held> {
  const last = held.rows[held.rows.length - 1];
  if (!held.cutEnd || last === undefined) return held;
  const page = await read(compare('id', 'gt', resource.idOf(last)), { ids: false, most: PAGE });
  const rows = [...held.rows, ...page.rows];
  const isOver = rows.length > limit;
  return { rows: isOver ? rows.slice(-limit) : rows, cutStart: held.cutStart || isOver, cutEnd: page.isMore };
}

async function earlier(context: WindowContext, held: Held): Promise<Held> {
  const { resource, limit } = context;
  const first = held.rows[0];
  if (!held.cutStart || first === undefined) return held;
  const page = await pageUpTo(context, { op: 'lt', id: resource.idOf(first) });
  const rows = [...page.rows, ...held.rows];
  const isOver = rows.length > limit;
  return { rows: rows.slice(0, limit), cutStart: page.cutStart, cutEnd: held.cutEnd || isOver };
}

/** The last rows of the list, found without reading those in between. */
async function atEnd(context: WindowContext, held: Held): Promise<Held> {
  const { resource, total } = context;
  const [first, last] = [held.rows[0], held.rows[held.rows.length - 1]];
  if (!held.cutEnd || first === undefined || last === undefined) return held;
  const guesses = held.cutStart ? [] : guessLast(resource.idOf(first), total);
  const id = await findLastId(idList(context), resource.idOf(last), guesses);
  return { ...(await pageUpTo(context, { op: 'le', id })), cutEnd: false };
}

/** A page of rows that ends there. */
async function pageUpTo(context: WindowContext, end: End): Promise<Pick<Held, 'rows' | 'cutStart'>> {
  const { read } = context;
  const start = await findPageStart(idList(context), end);
  const { rows } = await read(between(start, end), { ids: false, most: PAGE });
  const isFirst = start === undefined || (await isEmptyBefore(read, start));
  return { rows, cutStart: !isFirst };
}

async function isEmptyBefore(read: ReadRows, id: string): Promise<boolean> {
  const { rows } = await read(compare('id', 'lt', id), { ids: true, most: 1 });
  return rows.length === 0;
}

function idList({ resource, read }: WindowContext): IdList {
  return {
    first: async (op, id) => {
      const { rows } = await read(compare('id', op, id), { ids: true, most: 1 });
      return rows[0] === undefined ? undefined : resource.idOf(rows[0]);
    },
    count: async (from, end) => {
      const { rows, isMore } = await read(between(from, end), { ids: true, most: PAGE });
      return { rows: rows.length, isMore };
    },
  };
}

function between(start: string | undefined, { op, id }: End): string | undefined {
  const from = start === undefined || start === '' ? undefined : compare('id', 'ge', start);
  return allOf([from, compare('id', op, id)]);
}
