import { Readable } from 'node:stream';
import type { BatchPort } from '../../../../src/api/port.ts';
import { parseCommandLine } from '../../../../src/commands/command-line.ts';
import type { Output, ShellContext } from '../../../../src/commands/shell/context.ts';
import { COMMANDS } from '../../../../src/commands/shell/table.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../../src/config/settings.ts';

/** An output that keeps what is written to it. */
export function memoryOutput(isTerminal = false) {
  const chunks: Buffer[] = [];
  const output: Output = {
    isTerminal,
    write: async (chunk) => {
      chunks.push(Buffer.from(chunk));
    },
  };
  return { output, bytes: () => Buffer.concat(chunks), text: () => Buffer.concat(chunks).toString('utf8') };
}

/** The arguments of a command line. */
export function argumentsOf(...argv: string[]) {
  return parseCommandLine(argv, COMMANDS).args;
}

/** A context over a port, with outputs that can be read. */
export function contextOver(
  port: BatchPort,
  options: {
    settings?: Partial<Settings>;
    stdin?: string;
    isTerminal?: boolean;
    post?: ShellContext['post'];
  } = {},
) {
  const stdout = memoryOutput(options.isTerminal);
  const stderr = memoryOutput();
  const context: ShellContext = {
    stdin: Readable.from([options.stdin ?? '']),
    stdout: stdout.output,
    stderr: stderr.output,
    configuration: {
      paths: {
        configFolder: '/cfg',
        configFile: '/cfg/config.yaml',
        stateFile: '/state/state.json',
        azureConfigFile: '/az/config',
        dumpFolder: '/data/dumps',
      },
      isDoubtful: false,
      place: () => '/cfg/config.yaml',
      settings: { ...DEFAULT_SETTINGS, ...options.settings },
      problems: [],
      storageSources: [],
      accountSources: [],
    },
    connect: async () => port,
    post: options.post ?? (async () => undefined),
    signal: new AbortController().signal,
  };
  return { context, stdout, stderr };
}
