import type { Management } from './management.ts';

/** A request to the management plane: authenticated, matched to an operation, its body read. */
export interface ArmRequest {
  /** Values of the path's parameters by lower-case name, decoded. */
  readonly path: Readonly<Record<string, string>>;
  /** The query's parameters by lower-case name, decoded. */
  readonly query: ReadonlyMap<string, string>;
  /** The JSON object that came as the body; empty when none came. */
  readonly body: Readonly<Record<string, unknown>>;
  /** What the urls of operations start with, no slash at the end. */
  readonly baseUrl: string;
}

export interface ArmReply {
  readonly status: number;
  readonly json?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export type ArmHandler = (management: Management, request: ArmRequest) => ArmReply | Promise<ArmReply>;

/** The value of a parameter that the route's path names. */
export function parameter(request: ArmRequest, name: string): string {
  const value = request.path[name.toLowerCase()];
  if (value === undefined) throw new TypeError(`The path has no ${name}.`);
  return value;
}
