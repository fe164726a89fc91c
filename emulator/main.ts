import { type CommandLine, parseCommandLine, USAGE, UsageError } from './options.ts';
import { type Emulator, startEmulator } from './server.ts';

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/**
 * The command `azb emulator`: serves until SIGTERM or SIGINT. The first lines on stdout are what a shell
 * can eval to point `az`, azb and other clients here; everything else goes to stderr.
 * @returns the exit code: 0 after a clean end, 1 when it could not start, 2 for wrong usage.
 */
export async function runEmulator(argv: readonly string[]): Promise<number> {
  let line: CommandLine | 'help';
  try {
    line = parseCommandLine(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return complain(error.message, error.advice, 2);
  }
  if (line === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  return serve(line);
}

async function serve(line: CommandLine): Promise<number> {
  const stopped = untilStopped();
  let emulator: Emulator;
  try {
    emulator = await startEmulator({
      host: line.host,
      port: line.port,
      data: line.data,
      speed: line.speed,
      quotas: { nodes: line.nodesMax },
      entra: line.entra,
      outputBytes: line.outputBytes,
      autoStorage: line.autoStorage,
      fault: line.fault,
      onAnswered: ({ method, url, status, code }) => {
        process.stderr.write(
          `${new Date().toISOString()} ${status} ${method} ${url}${code ? ` ${code}` : ''}\n`,
        );
      },
    });
  } catch (error) {
    return explain(error as NodeJS.ErrnoException, line);
  }
  introduce(emulator, line);
  const failure = await Promise.race([stopped, emulator.failed]);
  await emulator.close();
  if (failure === undefined) return 0;
  return complain(
    `the state could not be written any more (${failure.message}); the emulator stopped before it could show what is not kept`,
    line.data === undefined
      ? 'make room on the disk of the temporary files, then start it again'
      : `make room in ${line.data}, then start it again: it takes up from the last change it acknowledged`,
    1,
  );
}

function introduce(emulator: Emulator, line: CommandLine): void {
  process.stdout.write(
    `export AZURE_BATCH_ACCOUNT=${emulator.account}\n` +
      `export AZURE_BATCH_ACCESS_KEY=${emulator.key}\n` +
      `export AZURE_BATCH_ENDPOINT=${emulator.endpoint}\n` +
      // Accounts are made at the same address, where the paths of Azure Resource Manager are answered.
      `export AZB_ARM_ENDPOINT=${emulator.endpoint}\n` +
      // It has semicolons in it, which mean something to a shell.
      `export AZURE_STORAGE_CONNECTION_STRING='${emulator.storageConnectionString}'\n`,
  );
  process.stderr.write(
    `azb emulator: the Batch service is at ${emulator.endpoint}, and a storage account for its files; ` +
      `${line.data === undefined ? 'nothing is kept when it ends' : `its state is kept in ${line.data}`}.\n` +
      'azb emulator: command lines of tasks run on this machine, with your rights.\n',
  );
  if (!LOOPBACK.includes(line.host)) {
    process.stderr.write(
      `azb emulator: it listens on ${line.host}: whoever has the key and reaches it runs commands as you.\n`,
    );
  }
}

function explain(error: NodeJS.ErrnoException, line: CommandLine): number {
  if (error.code === 'EADDRINUSE') {
    return complain(`port ${line.port} is in use`, 'azb emulator --port 0, which takes any free port', 1);
  }
  if (error.code === 'EACCES' && error.syscall === 'listen') {
    return complain(`port ${line.port} may not be used by you`, 'azb emulator --port 8910', 1);
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return complain(`${line.host} is no address of this machine`, 'azb emulator --host 127.0.0.1', 1);
  }
  return complain(error.message, 'azb emulator --data with another directory, or none', 1);
}

function complain(message: string, advice: string, code: number): number {
  process.stderr.write(`azb: ${message}\n  try: ${advice}\n`);
  return code;
}

/** A second signal while tasks are being killed changes nothing; the first one is being obeyed. */
function untilStopped(): Promise<void> {
  return new Promise((fulfil) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => fulfil());
  });
}
