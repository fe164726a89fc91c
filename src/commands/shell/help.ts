import { UsageError } from '../../lib/errors.ts';
import { nearest } from '../../lib/nearest.ts';
import { RESOURCES } from '../../resources/registry.ts';
import type { CommandSpec, OptionSpec } from '../command-line.ts';
import { COMMANDS } from './table.ts';

/** The page of one command; with an empty name the page of azb. @throws UsageError for an unknown name. */
export function helpPage(name: string): string {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const meant = nearest(
      name,
      COMMANDS.map((candidate) => candidate.name),
    );
    throw new UsageError(`there is no command ${name}`, { next: `azb help ${meant ?? ''}`.trim() });
  }
  return name === '' ? overview(command) : commandPage(command);
}

function overview(ui: CommandSpec): string {
  const commands = COMMANDS.filter(({ name }) => name !== '').map(
    ({ name, operands, help }) => [`azb ${name} ${operands}`.trim(), help] as const,
  );
  return [
    'azb: a terminal UI for Azure Batch, with an emulator of the service built in',
    '',
    'usage: azb [OPTION…]             open the terminal UI',
    '       azb COMMAND [OPTION…]',
    '',
    'commands:',
    ...twoColumns(commands),
    '',
    'options of the UI:',
    ...twoColumns(optionRows(ui.options)),
    '',
    'azb help COMMAND explains a command.',
    '',
  ].join('\n');
}

function commandPage(command: CommandSpec): string {
  const lines = [
    `azb ${command.name}: ${command.help}`,
    '',
    `usage: azb ${command.name} ${command.operands}`.trimEnd(),
    '',
    'options:',
    ...twoColumns(optionRows(command.options)),
  ];
  if (command.notes !== undefined) lines.push('', ...command.notes);
  if (command.operands.startsWith('RESOURCE')) {
    const those = RESOURCES.filter(
      ({ actions }) => command.name !== 'delete' || actions.some(({ name }) => name === 'delete'),
    );
    lines.push('', 'resources:', ...twoColumns(those.map(({ name, help }) => [name, help] as const)));
  }
  return `${lines.join('\n')}\n`;
}

function optionRows(options: Readonly<Record<string, OptionSpec>>): (readonly [string, string])[] {
  return Object.entries(options).map(([name, { short, value, help }]) => {
    const spelled = [...(short === undefined ? [] : [`-${short}`]), `--${name}`].join(', ');
    return [`${spelled} ${value ?? ''}`.trim(), help];
  });
}

function twoColumns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
