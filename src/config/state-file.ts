import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { HISTORY } from '../lib/history.ts';
import { readIfPresent } from './read-file.ts';

/** What azb remembers from run to run. It is a convenience: whatever cannot be read is as if it had never been. */
export interface RememberedState {
  /** `:` commands and `/` filters, the newest first. */
  readonly commands: readonly string[];
  readonly filters: readonly string[];
  /** What each resource was last sorted by. */
  readonly sorts: Readonly<Record<string, { readonly column: string; readonly descending: boolean }>>;
  /** The command of the last list, by account. */
  readonly lastViews: Readonly<Record<string, string>>;
  /** Autoscale formulas that were tried, by account and pool, the latest first. */
  readonly formulas: Readonly<Record<string, readonly RememberedFormula[]>>;
}

export interface RememberedFormula {
  readonly formula: string;
  readonly interval: string;
  /** Milliseconds. */
  readonly at: number;
  readonly outcome: string;
}

/** Reads the state file; undefined when there is none, or none that makes sense. */
export async function readState(path: string): Promise<RememberedState | undefined> {
  try {
    const text = await readIfPresent(path);
    return text === undefined ? undefined : stateOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function stateOf(value: unknown): RememberedState | undefined {
  if (!isRecord(value)) return undefined;
  return {
    commands: texts(value.commands),
    filters: texts(value.filters),
    sorts: Object.fromEntries(
      entries(value.sorts).flatMap(([name, sort]) =>
        isRecord(sort) && typeof sort.column === 'string'
          ? [[name, { column: sort.column, descending: sort.descending === true }]]
          : [],
      ),
    ),
    lastViews: Object.fromEntries(
      entries(value.lastViews).flatMap(([name, text]) => (typeof text === 'string' ? [[name, text]] : [])),
    ),
    formulas: Object.fromEntries(
      entries(value.formulas).map(([pool, tried]) => [pool, Array.isArray(tried) ? formulas(tried) : []]),
    ),
  };
}

function formulas(values: readonly unknown[]): RememberedFormula[] {
  return values.flatMap((value) => {
    if (!isRecord(value)) return [];
    const { formula, interval, at, outcome } = value;
    const isWhole =
      typeof formula === 'string' &&
      typeof interval === 'string' &&
      typeof at === 'number' &&
      typeof outcome === 'string';
    return isWhole ? [{ formula, interval, at, outcome }] : [];
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function entries(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
}

/**
 * Writes the state file whole or not at all: a file beside it takes its place. Only this user can read it,
 * because commands name accounts and jobs. Throws when it cannot be written.
 */
export function writeState(path: string, state: RememberedState): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.${process.pid}.new`;
  try {
    writeFileSync(fresh, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/**
 * Writes what has changed in `mine` since `base` into the file, whose other content stays: several azb may run at once, and
 * none shall forget what the others remembered. Throws when it cannot be written.
 */
export function updateState(path: string, base: RememberedState, mine: RememberedState): void {
  const theirs = readNow(path);
  const state = theirs === undefined ? mine : mergeStates(base, mine, theirs);
  writeState(path, state);
}

function readNow(path: string): RememberedState | undefined {
  try {
    return stateOf(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** `theirs` with what was done to `base` to make `mine` of it. */
export function mergeStates(
  base: RememberedState,
  mine: RememberedState,
  theirs: RememberedState,
): RememberedState {
  return {
    commands: mergeHistories(base.commands, mine.commands, theirs.commands),
    filters: mergeHistories(base.filters, mine.filters, theirs.filters),
    sorts: mergeRecords(base.sorts, mine.sorts, theirs.sorts),
    lastViews: mergeRecords(base.lastViews, mine.lastViews, theirs.lastViews),
    formulas: mergeRecords(base.formulas, mine.formulas, theirs.formulas),
  };
}

/** What was typed here since stands in front of theirs. */
function mergeHistories(
  base: readonly string[],
  mine: readonly string[],
  theirs: readonly string[],
): readonly string[] {
  const count = mine.findIndex((_, at) => {
    const older = base.filter((entry) => !mine.slice(0, at).includes(entry));
    return mine.slice(at).every((entry, index) => entry === older[index]);
  });
  const fresh = count < 0 ? mine : mine.slice(0, count);
  return [...fresh, ...theirs.filter((entry) => !fresh.includes(entry))].slice(0, HISTORY);
}

function mergeRecords<T>(
  base: Readonly<Record<string, T>>,
  mine: Readonly<Record<string, T>>,
  theirs: Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  const isAsBefore = (name: string) => JSON.stringify(base[name]) === JSON.stringify(mine[name]);
  const kept = Object.entries(theirs).filter(([name]) => isAsBefore(name));
  const changed = Object.entries(mine).filter(([name]) => !isAsBefore(name));
  return Object.fromEntries([...kept, ...changed]);
}
