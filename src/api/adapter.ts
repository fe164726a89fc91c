import { UsageError } from '../lib/errors.ts';
import type { Entity, Scope, ScopePart } from '../resources/types.ts';
import type { ListQuery, Page } from './port.ts';
import type { Transport } from './wire/transport.ts';

export type ActionArguments = Readonly<Record<string, unknown>>;

/** One of the registry's actions, done to one entity. */
export type ActionCall = (
  transport: Transport,
  scope: Scope,
  id: string,
  args: ActionArguments,
  signal: AbortSignal,
) => Promise<void>;

/** A question about one entity that has an answer; see `BatchPort.ask`. */
export type QuestionCall = (
  transport: Transport,
  scope: Scope,
  id: string,
  args: ActionArguments,
  signal: AbortSignal,
) => Promise<Entity>;

/** What the service can do with one resource; a member is absent when the service cannot. */
export interface ResourceAdapter {
  listPage(transport: Transport, scope: Scope, query: ListQuery, signal: AbortSignal): Promise<Page>;
  get?(transport: Transport, scope: Scope, id: string, signal: AbortSignal): Promise<Entity>;
  add?(transport: Transport, scope: Scope, body: Entity, signal: AbortSignal): Promise<void>;
  update?(
    transport: Transport,
    scope: Scope,
    id: string,
    patch: Entity,
    etag: string | undefined,
    signal: AbortSignal,
  ): Promise<void>;
  readonly actions: Readonly<Record<string, ActionCall>>;
  readonly questions?: Readonly<Record<string, QuestionCall>>;
}

/** The encoded path of the given segments. */
export function pathOf(...segments: readonly string[]): string {
  return segments.map((segment) => `/${encodeURIComponent(segment)}`).join('');
}

/** The scope's member, or a UsageError that says it is missing. */
export function need(scope: Scope, part: ScopePart, what: string): string {
  const value = scope[part];
  if (value === undefined || value === '') throw new UsageError(`${what} need a ${part}`);
  return value;
}

/** An optional text argument of an action. */
export function textArgument(args: ActionArguments, name: string): string | undefined {
  const value = args[name];
  return value === undefined || value === '' ? undefined : String(value);
}

/** An optional whole number among an action's arguments. @throws UsageError when it is something else. */
export function integerArgument(args: ActionArguments, name: string): number | undefined {
  const text = textArgument(args, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value)) throw new UsageError(`${name} must be a whole number, not ${text}`);
  return value;
}

/** The given members without those that are undefined, as the SDK's parameters want them. */
export function defined<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
