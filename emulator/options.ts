import { parseArgs } from 'node:util';
import { FAULT_SYNTAX, FaultSpecError, parseFaults } from './http/faults.ts';
import { ConnectionStringError, parseConnectionString } from './storage/auto-storage.ts';

/** What the command line of the emulator says. */
export interface CommandLine {
  readonly host: string;
  /** 0 stands for any free port. */
  readonly port: number;
  /** Where the state is kept; without it nothing outlives the process. */
  readonly data: string | undefined;
  readonly speed: number;
  readonly nodesMax: number;
  readonly entra: boolean;
  /** Most bytes that a task may write to stdout and stderr together. */
  readonly outputBytes: number;
  /** Connection string of the storage account linked to the Batch account. */
  readonly autoStorage: string | undefined;
  /** What is to go wrong on purpose. */
  readonly fault: string | undefined;
}

/** A command line that cannot be followed. `advice` is what to type instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly advice: string;
  constructor(message: string, advice: string) {
    super(message);
    this.advice = advice;
  }
}

export const USAGE = `usage: azb emulator [--host 127.0.0.1] [--port 8910] [--data DIR] [--speed N] [--nodes-max N]
                    [--output-max MB] [--auto-storage STRING] [--fault SPEC] [--entra]

  --host          address to listen on; command lines of tasks run with your rights, so keep it to yourself
  --port          port to listen on; 0 takes any free one
  --data          directory that keeps accounts, pools, jobs, tasks and files; without it they go when it ends
  --speed         divides every simulated delay by this number
  --nodes-max     most nodes at a time of an account, over all its pools
  --output-max    most megabytes that a task may write to stdout and stderr, beyond which it is ended
  --auto-storage  connection string of another storage account that autoStorageContainerName is about, in place
                  of the emulator's own, such as UseDevelopmentStorage=true for Azurite
  --fault         makes it misbehave on purpose: ${FAULT_SYNTAX}
                  operations: Pool_List, GetBlob and the like of Batch and of blobs; * stands for any text
                  effects: latency=MS, 429, 500, 503 (+SECONDS for Retry-After), drop, truncate,
                  lose (it has its effect, but is answered with 500); a rate is a share such as 0.5 or 1/3
  --entra         takes any bearer token, without looking at it, beside the shared key
`;

const DEFAULT_PORT = 8910;
const DEFAULT_NODES_MAX = 100;
const DEFAULT_OUTPUT_MAX = 1_000;

/**
 * Reads the arguments after `azb emulator`. The answer is `help` when that is what was asked for.
 * @throws UsageError
 */
export function parseCommandLine(argv: readonly string[]): CommandLine | 'help' {
  const values = parse(argv);
  if (values.help) return 'help';
  return {
    host: values.host ?? '127.0.0.1',
    port: number('port', values.port, DEFAULT_PORT, 0, 65_535, true),
    data: values.data,
    speed: number('speed', values.speed, 1, 0.001, 1_000_000, false),
    nodesMax: number('nodes-max', values['nodes-max'], DEFAULT_NODES_MAX, 1, 100_000, true),
    entra: values.entra ?? false,
    outputBytes: number('output-max', values['output-max'], DEFAULT_OUTPUT_MAX, 1, 1_000_000, true) * 1e6,
    autoStorage: checkedConnection(values['auto-storage']),
    fault: checkedFault(values.fault),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        host: { type: 'string' },
        port: { type: 'string' },
        data: { type: 'string' },
        speed: { type: 'string' },
        'nodes-max': { type: 'string' },
        'output-max': { type: 'string' },
        'auto-storage': { type: 'string' },
        fault: { type: 'string' },
        entra: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    const [message = 'the arguments cannot be understood'] = (error as Error).message.split('. ');
    throw new UsageError(message, 'azb emulator --help');
  }
}

function checkedConnection(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    parseConnectionString(text);
    return text;
  } catch (error) {
    // The string holds a key: it is never repeated.
    if (error instanceof ConnectionStringError) {
      throw new UsageError(
        `--auto-storage: the connection string cannot be used: ${error.message}`,
        'azb emulator --auto-storage UseDevelopmentStorage=true',
      );
    }
    throw error;
  }
}

function checkedFault(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    parseFaults(text);
    return text;
  } catch (error) {
    if (error instanceof FaultSpecError)
      throw new UsageError(`--fault: ${error.message}`, 'azb emulator --help');
    throw error;
  }
}

function number(
  name: string,
  text: string | undefined,
  fallback: number,
  least: number,
  most: number,
  whole: boolean,
): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  const fits = text.trim() !== '' && value >= least && value <= most && (!whole || Number.isInteger(value));
  if (fits) return value;
  throw new UsageError(
    `--${name} takes ${whole ? 'a whole number' : 'a number'} from ${least} to ${most}, not '${text}'`,
    `azb emulator --${name} ${fallback}`,
  );
}
