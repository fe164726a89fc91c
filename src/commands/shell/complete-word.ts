import type { BatchPort, ListQuery } from '../../api/port.ts';
import { literal } from '../../lib/odata.ts';
import { findResource, resourceNamed } from '../../resources/registry.ts';
import type { Entity, Resource, Scope, ScopePart } from '../../resources/types.ts';
import type { CommandSpec } from '../command-line.ts';
import { COMMANDS } from './table.ts';

/** Ids offered at most: nobody reads more of them. */
const MOST = 200;

/** The resource whose ids a part of a scope is. */
const OWNERS: Partial<Record<ScopePart, string>> = {
  pool: 'pools',
  node: 'nodes',
  job: 'jobs',
  task: 'tasks',
  container: 'containers',
};

/** The list that the word under a shell's cursor is an id of. */
export interface WantedIds {
  readonly resource: Resource<Entity>;
  readonly scope: Scope;
  /** What is typed of the id. */
  readonly typed: string;
  /** What stands before each id in the word: `myjob/` in front of a task. */
  readonly before: string;
  /** What stands behind it: a slash where more must follow. */
  readonly after: string;
}

/** What a command line says of where its ids come from. */
export interface CompletedLine {
  /** The value of an option, of those that were typed. */
  text(option: string): string | undefined;
  /** Undefined where no id is meant. */
  readonly wanted: WantedIds | undefined;
}

/**
 * Reads the words behind `azb` up to the one under the cursor, which is the last; the line need not be a whole one yet.
 */
export function readLine(words: readonly string[]): CompletedLine {
  // bash takes the `=` of --job=myjob for a word.
  const all = words.filter((word, index) => word !== '=' || index === words.length - 1);
  const typed = all.at(-1) === '=' ? '' : (all.at(-1) ?? '');
  const line = parse(all.slice(0, -1));
  return { text: (option) => line.options.get(option), wanted: wantedAt(line, typed) };
}

interface ParsedLine {
  readonly command: CommandSpec | undefined;
  readonly operands: readonly string[];
  readonly options: ReadonlyMap<string, string>;
  /** The option whose value comes next. */
  readonly pending: string | undefined;
}

function parse(words: readonly string[]): ParsedLine {
  let command = COMMANDS.find(({ name }) => name === '');
  const operands: string[] = [];
  const options = new Map<string, string>();
  let pending: string | undefined;
  for (const word of words) {
    if (pending !== undefined) {
      options.set(pending, word);
      pending = undefined;
    } else if (word.startsWith('-')) {
      const [name = '', value] = optionOf(word, command);
      if (value !== undefined) options.set(name, value);
      else if (takesValue(name, command)) pending = name;
    } else if (command?.name === '') {
      command = COMMANDS.find(({ name }) => name === word);
    } else {
      operands.push(word);
    }
  }
  return { command, operands, options, pending };
}

/** The long name of an option, and the value that stands in the same word. */
function optionOf(word: string, command: CommandSpec | undefined): [string, string?] {
  const [, long, value] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
  if (long !== undefined) return value === undefined ? [long] : [long, value];
  const found = Object.entries(command?.options ?? {}).find(([, { short }]) => `-${short}` === word);
  return [found?.[0] ?? ''];
}

function takesValue(name: string, command: CommandSpec | undefined): boolean {
  const spec = Object.hasOwn(command?.options ?? {}, name) ? command?.options[name] : undefined;
  return spec !== undefined && spec.kind !== 'flag';
}

function wantedAt(line: ParsedLine, typed: string): WantedIds | undefined {
  const { command, pending } = line;
  if (command === undefined || command.name === '') return undefined;
  if (pending !== undefined) return idsOfPart(line, pending, typed, '');
  const inline = /^--([a-z-]+)=(.*)$/s.exec(typed);
  if (inline !== null) return idsOfPart(line, inline[1] ?? '', inline[2] ?? '', `--${inline[1]}=`);
  if (typed.startsWith('-')) return undefined;
  switch (command.name) {
    case 'get':
    case 'delete':
      return operandIds(line, typed);
    case 'logs':
      return taskIds(line, typed);
    case 'progress':
      return jobIds(line, typed, 0);
    case 'grep':
      return jobIds(line, typed, 1);
    case 'wait':
      return awaitedIds(line, typed);
    case 'upload':
    case 'download':
      return containerIds(line, typed);
    default:
      return undefined;
  }
}

/** The value of `--job` and its like. */
function idsOfPart(line: ParsedLine, part: string, typed: string, before: string): WantedIds | undefined {
  if (!Object.hasOwn(line.command?.options ?? {}, part)) return undefined;
  const owner = OWNERS[part as ScopePart];
  return owner === undefined ? undefined : idsIn(resourceNamed(owner), line, typed, before);
}

/** `azb get tasks -j myjob mytask…`. */
function operandIds(line: ParsedLine, typed: string): WantedIds | undefined {
  const resource = findResource(line.operands[0] ?? '');
  return resource === undefined ? undefined : idsIn(resource, line, typed, '');
}

function idsIn(
  resource: Resource<Entity>,
  { options }: ParsedLine,
  typed: string,
  before: string,
): WantedIds | undefined {
  const way = resource.scopes.find((parts) => parts.every((part) => options.has(part)));
  if (way === undefined) return undefined;
  const scope = Object.fromEntries(way.map((part) => [part, options.get(part) ?? '']));
  return { resource, scope, typed, before, after: '' };
}

/** `azb logs myjob/mytask stdout.txt`. */
function taskIds({ operands }: ParsedLine, typed: string): WantedIds | undefined {
  const [target] = operands;
  if (target !== undefined) {
    const [job = '', task = ''] = target.split('/');
    if (operands.length > 1 || task === '') return undefined;
    return { resource: resourceNamed('files'), scope: { job, task }, typed, before: '', after: '' };
  }
  const [, job, task = ''] = /^([^/]+)\/(.*)$/s.exec(typed) ?? [];
  return job === undefined
    ? { resource: resourceNamed('jobs'), scope: {}, typed, before: '', after: '/' }
    : { resource: resourceNamed('tasks'), scope: { job }, typed: task, before: `${job}/`, after: '' };
}

/** A job, as the operand of that number. */
function jobIds({ operands }: ParsedLine, typed: string, at: number): WantedIds | undefined {
  if (operands.length !== at) return undefined;
  return { resource: resourceNamed('jobs'), scope: {}, typed, before: '', after: '' };
}

/** `azb wait task myjob/mytask`. */
function awaitedIds(line: ParsedLine, typed: string): WantedIds | undefined {
  const [kind, ...names] = line.operands;
  const resource = findResource(kind ?? '');
  if (names.length > 0) return undefined;
  if (resource?.name === 'tasks') return taskIds({ ...line, operands: [] }, typed);
  if (resource?.name !== 'jobs' && resource?.name !== 'pools') return undefined;
  return { resource, scope: {}, typed, before: '', after: '' };
}

/** The container that is sent to; what is downloaded from it is named behind a slash. */
function containerIds({ command, operands }: ParsedLine, typed: string): WantedIds | undefined {
  if (operands.length > 0 || typed.includes('/')) return undefined;
  const after = command?.name === 'download' ? '/' : '';
  return { resource: resourceNamed('containers'), scope: {}, typed, before: '', after };
}

/** Lists whose ids the service finds by their beginning. */
const BY_PREFIX: readonly string[] = ['pools', 'jobs', 'tasks', 'jobschedules'];

/** What no shell takes for more than letters: a task names its files as it likes, such as `$(reboot)`. */
const HARMLESS = /^[\w.,:@%+/-]+$/;

/** The whole words that may stand in place of what is typed, as far as one page of the list tells. */
export async function idsFor(port: BatchPort, wanted: WantedIds, signal: AbortSignal): Promise<string[]> {
  const { resource, scope, typed, before, after } = wanted;
  const query: ListQuery = {
    pageSize: MOST,
    ...(resource.selectable ? { select: resource.columns[0]?.select ?? [] } : {}),
    ...(typed !== '' && BY_PREFIX.includes(resource.name)
      ? { filter: `startswith(id,${literal(typed)})` }
      : {}),
    ...(resource.name === 'files' ? { recursive: true } : {}),
  };
  const { rows } = await port.listPage(resource.name, scope, query, signal);
  return rows
    .map((row) => resource.idOf(row))
    .filter((id) => id.startsWith(typed) && HARMLESS.test(id))
    .slice(0, MOST)
    .map((id) => before + id + after);
}
