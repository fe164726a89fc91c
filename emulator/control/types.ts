import type { Readable } from 'node:stream';
import type { Engine } from '../engine/engine.ts';

/** A request to the emulator itself rather than to the service that it plays. */
export interface ControlRequest {
  /** What stands in the path in place of the pattern's gaps, decoded. */
  readonly parameters: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Readable;
}

export interface ControlReply {
  readonly status: number;
  readonly json?: object;
}

export type ControlHandler = (
  engine: Engine,
  request: ControlRequest,
) => ControlReply | Promise<ControlReply>;

export interface ControlRoute {
  readonly method: string;
  readonly path: RegExp;
  readonly handle: ControlHandler;
}
