/**
 * The entry: finds the command among the words and hands over. What a command needs is loaded only when it
 * is known which: `azb --version` must pay neither for Ink nor for the SDK.
 */
import { fileURLToPath } from 'node:url';
import { type ParsedCommand, parseCommandLine, requireOperands } from './commands/command-line.ts';
import { COMMANDS, COMPLETE } from './commands/shell/table.ts';
import { AzbError, exitCodeOf, formatError } from './lib/errors.ts';
import { VERSION } from './lib/version.ts';
import { type LogFile, openLog } from './log-file.ts';

const ENTRY = fileURLToPath(import.meta.url);
const OUTPUTS = [process.stdout, process.stderr];

async function run(argv: readonly string[]): Promise<number> {
  if (argv[0] === COMPLETE)
    return (await import('./shell.ts')).completeWord(argv.slice(1), openLog(undefined));
  const parsed = parseCommandLine(argv, COMMANDS);
  const log = openLog(parsed.args.text('log-file'));
  try {
    return await runCommand(parsed, log);
  } catch (error) {
    log.error(error);
    throw error;
  }
}

async function runCommand(parsed: ParsedCommand, log: LogFile): Promise<number> {
  const { command, args, words } = parsed;
  if (command.name === 'emulator') return runEmulator(words);
  if (command.name === '' && args.flag('version')) return print(`azb ${VERSION}\n`);
  if (args.flag('help')) return printHelp(command.name);
  switch (command.name) {
    case '':
      return (await import('./ui.ts')).runUi(args, log);
    case 'version':
      return print(`azb ${VERSION}\n`);
    case 'help':
      return printHelp(args.operands[0] ?? '');
    case 'completion':
      return printCompletion(parsed);
    case 'demo':
      return (await import('./demo.ts')).runDemo(args, ENTRY);
    default:
      return runVerb(parsed, log);
  }
}

async function runVerb(parsed: ParsedCommand, log: LogFile): Promise<number> {
  const shell = await import('./shell.ts');
  try {
    return await shell.runVerb(parsed, log, new AbortController().signal);
  } finally {
    endThoughConnected();
  }
}

/** What a command leaves behind has this long, in milliseconds, to end by itself. */
const GRACE = 200;

/**
 * A request that was given up half sent, as the second block of an upload that is refused, holds its connection until the
 * server loses patience: a command that is done does not wait for that.
 */
function endThoughConnected(): void {
  const look = () => {
    if (OUTPUTS.every(({ writableLength }) => writableLength === 0)) process.exit();
  };
  setInterval(look, GRACE).unref();
}

async function runEmulator(words: readonly string[]): Promise<number> {
  const { STOP_WITH_STDIN } = await import('./commands/shell/emulator-child.ts');
  if (process.env[STOP_WITH_STDIN] !== undefined) stopWithStdin();
  for (const stream of OUTPUTS) stream.off('error', endOnClosedPipe).on('error', goOnWithClosedPipe);
  const emulator = await import('../emulator/main.ts');
  return emulator.runEmulator([...words]);
}

/** Ends this process in order when standard input ends, which it does when the parent is gone. */
function stopWithStdin(): void {
  process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'));
  process.stdin.resume();
  if ('unref' in process.stdin) process.stdin.unref();
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

async function printHelp(name: string): Promise<number> {
  // It has a page of its own.
  if (name === 'emulator') return runEmulator(['--help']);
  const { helpPage } = await import('./commands/shell/help.ts');
  return print(helpPage(name));
}

async function printCompletion(parsed: ParsedCommand): Promise<number> {
  requireOperands(parsed);
  const { completionScript } = await import('./commands/shell/completion.ts');
  return print(completionScript(parsed.args.operands[0] ?? ''));
}

/** What a full disk, a quota and a limit of sizes are called. */
const NO_ROOM: readonly (string | undefined)[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** A reader that has seen enough, such as `head`, is no error; a disk that is full is one, and no bug. */
function endOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  if (!NO_ROOM.includes(error.code)) throw error;
  process.stderr.write(
    formatError(
      new AzbError(`what was printed is not whole: ${error.message}`, {
        next: 'the same again where there is more room',
        cause: error,
      }),
    ),
  );
  process.exit(1);
}

/** A service does not end, and leave its tasks behind, because nobody reads its log any more. */
function goOnWithClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** The bundle is no module, so that nothing may be awaited at its top. */
async function main(): Promise<void> {
  for (const stream of OUTPUTS) stream.on('error', endOnClosedPipe);
  try {
    process.exitCode = await run(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(formatError(error));
    process.exitCode = exitCodeOf(error);
  }
}

void main();
