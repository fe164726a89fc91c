import { LineCounter, parseAllDocuments } from 'yaml';
import { AzbError, UsageError } from '../../lib/errors.ts';
import { nearest } from '../../lib/nearest.ts';
import { countText } from '../../lib/units.ts';
import { countIds } from '../../resources/id-range.ts';
import { findResource, resourceNamed } from '../../resources/registry.ts';
import { TASK_FORM } from '../../resources/task-form.ts';
import type { Entity, Resource, Scope } from '../../resources/types.ts';
import { readPackage } from './package-document.ts';

/** What the service lets a client create. */
const KINDS = ['pool', 'job', 'task', 'jobschedule', 'container', 'account', 'applicationPackage'];

/** Tasks that one document may stand for: all are held until they are sent. */
const MOST_TASKS = 100_000;

/** One thing to create: `body` is what the service gets. */
export interface NewEntity {
  readonly resource: Resource<Entity>;
  readonly scope: Scope;
  readonly id: string;
  readonly body: Entity;
}

/**
 * Reads the documents of a file: YAML or JSON, several with `---` between them or as a list. Each has
 * `kind` (pool, job, task, …) and, for tasks, `job`; all its other members are the body. A task whose id is a
 * range, such as `mytask{1..10}`, stands for as many tasks. `source` names the file in messages. @throws AzbError with the line of what is wrong.
 */
export function readDocuments(text: string, source: string): NewEntity[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const error = document.errors[0];
    if (error !== undefined) {
      throw new AzbError(`${source}:${lines.linePos(error.pos[0]).line}: ${error.message}`);
    }
    const value: unknown = document.toJS();
    if (value === null || value === undefined) return [];
    const line = lines.linePos(document.contents?.range?.[0] ?? 0).line;
    const entries = Array.isArray(value) ? value : [value];
    return entries.flatMap((entry) => expanded(toNewEntity(entry, `${source}:${line}`), `${source}:${line}`));
  });
}

function toNewEntity(value: unknown, place: string): NewEntity {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AzbError(`${place}: is not a mapping with kind, id and the other properties`);
  }
  const { kind, job, ...body } = value as { kind?: unknown; job?: unknown; id?: unknown; name?: unknown };
  if (isPackage(kind)) {
    const body = readPackage(withoutKind(value), place);
    return {
      resource: resourceNamed('applications'),
      scope: {},
      id: `${body.application} ${body.version}`,
      body,
    };
  }
  const resource = resourceOf(kind, place);
  const needsJob = resource.scopes.some((parts) => parts.includes('job'));
  if (needsJob && typeof job !== 'string') {
    throw new AzbError(`${place}: a ${resource.singular} needs job: the id of its job`);
  }
  if (!needsJob && job !== undefined) throw new AzbError(`${place}: a ${resource.singular} has no job`);
  return {
    resource,
    scope: typeof job === 'string' ? { job } : {},
    id: idOf(body),
    body,
  };
}

function isPackage(kind: unknown): boolean {
  return typeof kind === 'string' && /^applicationpackage$/i.test(kind);
}

function withoutKind(value: object): Readonly<Record<string, unknown>> {
  const { kind: _, ...rest } = value as Readonly<Record<string, unknown>>;
  return rest;
}

/** What a range of ids stands for, with the number in place of `{}` in the command line. */
function expanded(entity: NewEntity, place: string): NewEntity[] {
  const { resource, id, body } = entity;
  if (resource.name !== 'tasks' || !/[{}]/.test(id)) return [entity];
  const problem =
    countIds(id) > MOST_TASKS
      ? `more than ${countText(MOST_TASKS)} tasks: make several ranges of it`
      : TASK_FORM.check?.(body);
  if (problem !== undefined) throw new AzbError(`${place}: ${id}: ${problem}`);
  return [...(TASK_FORM.expand?.(body) ?? [body])].map((each) => ({ ...entity, id: idOf(each), body: each }));
}

/** Accounts have a name where everything else has an id. */
function idOf({ id, name }: { readonly id?: unknown; readonly name?: unknown }): string {
  return [id, name].find((text) => typeof text === 'string') ?? '(no id)';
}

function resourceOf(kind: unknown, place: string): Resource<Entity> {
  if (typeof kind !== 'string') {
    throw new UsageError(`${place}: has no kind`, { next: `kind: ${KINDS.join(' or ')}` });
  }
  const resource = findResource(kind);
  if (resource !== undefined && KINDS.includes(resource.singular)) return resource;
  const meant = nearest(kind, KINDS);
  throw new UsageError(`${place}: a ${kind} cannot be created`, {
    next: `kind: ${meant ?? KINDS.join(' or ')}`,
  });
}
