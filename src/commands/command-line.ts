import { parseArgs } from 'node:util';
import { UsageError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { findResource } from '../resources/registry.ts';

export interface OptionSpec {
  readonly kind: 'flag' | 'text' | 'number';
  readonly short?: string;
  /** What stands for the value in the help: `POOL`. */
  readonly value?: string;
  readonly help: string;
}

export interface CommandSpec {
  /** Empty for the UI, which is what azb does without a command. */
  readonly name: string;
  /** What follows the name, without the options: `RESOURCE [ID…]`. */
  readonly operands: string;
  readonly help: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Said below the options on the command's own page, a line each. */
  readonly notes?: readonly string[];
  /** How many operands there may be. */
  readonly least: number;
  readonly most: number;
  /** All words after the name go to the command as they are: it parses them itself. */
  readonly verbatim?: boolean;
}

/** A parsed command line; the readers give undefined for options that were not given. */
export interface Arguments {
  readonly operands: readonly string[];
  flag(name: string): boolean;
  text(name: string): string | undefined;
  number(name: string): number | undefined;
}

export interface ParsedCommand {
  readonly command: CommandSpec;
  readonly args: Arguments;
  /** The words after the command's name, for commands that parse them themselves. */
  readonly words: readonly string[];
}

/**
 * Finds the command among the words and parses its options and operands. Options of the UI may stand before
 * the name of a command. @throws UsageError with the nearest known word for one that is not known.
 */
export function parseCommandLine(argv: readonly string[], commands: readonly CommandSpec[]): ParsedCommand {
  const ui = commands.find(({ name }) => name === '');
  if (ui === undefined) throw new Error('the command table has no entry for the UI');
  const at = commandIndex(argv, ui);
  const name = at === undefined ? '' : (argv[at] ?? '');
  const command = commands.find((candidate) => candidate.name === name) ?? unknownCommand(name, commands);
  const words = at === undefined ? argv : argv.slice(at + 1);
  if (command.verbatim === true) return { command, args: EMPTY, words };
  const before = at === undefined ? [] : argv.slice(0, at);
  return { command, args: parseWords([...before, ...words], command), words };
}

const EMPTY: Arguments = {
  operands: [],
  flag: () => false,
  text: () => undefined,
  number: () => undefined,
};

/** The index of the first word that is neither an option nor an option's value. */
function commandIndex(argv: readonly string[], ui: CommandSpec): number | undefined {
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (word === '--') return undefined;
    if (!word.startsWith('-')) return index;
    if (takesNextWord(word, ui)) index += 1;
  }
  return undefined;
}

function takesNextWord(word: string, command: CommandSpec): boolean {
  if (word.startsWith('--')) {
    const spec = command.options[word.slice(2)];
    return spec !== undefined && spec.kind !== 'flag';
  }
  const spec = Object.values(command.options).find(({ short }) => short === word.slice(1));
  return spec !== undefined && spec.kind !== 'flag';
}

function unknownCommand(name: string, commands: readonly CommandSpec[]): never {
  const resource = findResource(name);
  if (resource !== undefined) {
    throw new UsageError(`there is no command ${name}`, {
      next: `azb get ${resource.name}, or azb -c ${resource.name}`,
    });
  }
  const names = commands.map((command) => command.name).filter((candidate) => candidate !== '');
  const meant = nearest(name, names);
  throw new UsageError(`there is no command ${name}`, {
    next: meant === undefined ? 'azb help' : `azb ${meant}`,
  });
}

function parseWords(words: readonly string[], command: CommandSpec): Arguments {
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(
      Object.entries(command.options).map(([name, spec]) => [
        name,
        {
          type: spec.kind === 'flag' ? ('boolean' as const) : ('string' as const),
          ...(spec.short === undefined ? {} : { short: spec.short }),
        },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    values.set(token.name, optionValue(token, command));
  }
  checkOperands(operands, command);
  return readers(values, operands);
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function optionValue(token: OptionToken, command: CommandSpec): string {
  const spec = Object.hasOwn(command.options, token.name) ? command.options[token.name] : undefined;
  if (spec === undefined) return unknownOption(token.rawName, command);
  if (spec.kind === 'flag') {
    if (token.value === undefined) return 'true';
    throw new UsageError(`${token.rawName} takes no value`, { next: `azb ${command.name} ${token.rawName}` });
  }
  const value = token.value;
  const looksLikeOption = token.inlineValue !== true && value !== undefined && /^-[^\d]/.test(value);
  if (value === undefined || looksLikeOption) {
    throw new UsageError(`${token.rawName} needs a value`, {
      next: `azb ${command.name} ${token.rawName} ${spec.value ?? 'VALUE'}`.replace('  ', ' '),
    });
  }
  if (spec.kind === 'number' && !/^\d+(\.\d+)?$/.test(value)) {
    throw new UsageError(`${token.rawName} needs a number, not ${value}`);
  }
  return value;
}

function unknownOption(rawName: string, command: CommandSpec): never {
  const known = Object.keys(command.options).map((name) => `--${name}`);
  const meant = rawName.startsWith('--') ? nearest(rawName, known) : undefined;
  const line = `azb ${command.name}`.trim();
  throw new UsageError(`${line} has no option ${rawName}`, {
    next: meant === undefined ? `azb help ${command.name}`.trim() : `${line} ${meant}`,
  });
}

function checkOperands(operands: readonly string[], command: CommandSpec): void {
  if (operands.length > command.most) {
    throw new UsageError(`azb ${command.name} has no use for ${operands[command.most]}`, {
      next: `azb help ${command.name}`.trim(),
    });
  }
}

function readers(values: ReadonlyMap<string, string>, operands: readonly string[]): Arguments {
  return {
    operands,
    flag: (name) => values.has(name),
    text: (name) => values.get(name),
    number: (name) => {
      const value = values.get(name);
      return value === undefined ? undefined : Number(value);
    },
  };
}

/** The usage error for a command that lacks operands; commands call it after `--help` has been seen to. */
export function requireOperands(parsed: ParsedCommand): void {
  const { command, args } = parsed;
  if (args.operands.length >= command.least) return;
  throw new UsageError(`azb ${command.name} needs ${command.operands}`, { next: `azb help ${command.name}` });
}
