import { UsageError } from '../../lib/errors.ts';
import { RESOURCES } from '../../resources/registry.ts';
import type { CommandSpec } from '../command-line.ts';
import { FORMATS } from './get.ts';
import { COMMANDS } from './table.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** The script that completes azb's commands, options, resources and formats in a shell. */
export function completionScript(shell: string): string {
  switch (shell) {
    case 'bash':
      return bashScript();
    case 'zsh':
      return zshScript();
    case 'fish':
      return fishScript();
    default:
      throw new UsageError(`there is no completion for ${shell}`, {
        next: `azb completion ${SHELLS.join('|')}`,
      });
  }
}

/** Commands whose operands are files of this machine, among others. */
const OF_FILES: readonly string[] = ['create', 'upload', 'download'];

const NAMED = COMMANDS.filter(({ name }) => name !== '');

function resourceNames(): string {
  return RESOURCES.map(({ name }) => name).join(' ');
}

function optionNames(command: CommandSpec): string {
  return Object.keys(command.options)
    .map((name) => `--${name}`)
    .join(' ');
}

/** The words that may be the first operand of a command. */
function operandWords(command: CommandSpec): string {
  if (command.operands.startsWith('RESOURCE')) return resourceNames();
  if (command.name === 'completion') return SHELLS.join(' ');
  return command.name === 'help' ? NAMED.map(({ name }) => name).join(' ') : '';
}

function bashScript(): string {
  const cases = COMMANDS.map((command) => {
    const pattern = command.name === '' ? "''" : command.name;
    return `    ${pattern}) options='${optionNames(command)}'; operands='${operandWords(command)}' ;;`;
  });
  return `_azb() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local command='' at=0 index options='' operands=''
  for ((index = 1; index < COMP_CWORD; index++)); do
    case \${COMP_WORDS[index]} in
      ${NAMED.map(({ name }) => name).join('|')}) command=\${COMP_WORDS[index]}; at=$index; break ;;
    esac
  done
  case $command in
${cases.join('\n')}
  esac
  if [[ -z $command ]]; then operands='${NAMED.map(({ name }) => name).join(' ')}'; fi
  if [[ $previous == -o || $previous == --output ]]; then
    COMPREPLY=($(compgen -W '${FORMATS.join(' ')}' -- "$current"))
  elif [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ ${OF_FILES.map((name) => `$command == ${name}`).join(' || ')} ]]; then
    COMPREPLY=($(compgen -f -- "$current"))
  elif ((COMP_CWORD == at + 1)) || [[ -z $command ]]; then
    COMPREPLY=($(compgen -W "$operands" -- "$current"))
  fi
}
complete -F _azb azb
`;
}

/** A script that zsh loads from its fpath runs at the first tab, which has to be answered too. */
function zshScript(): string {
  return `#compdef azb
autoload -U +X bashcompinit && bashcompinit
${bashScript()}if [[ \${funcstack[1]} == _azb ]]; then _bash_complete -F _azb azb; fi
`;
}

function fishScript(): string {
  const names = NAMED.map(({ name }) => name).join(' ');
  const lines = ['complete -c azb -f'];
  for (const command of COMMANDS) {
    const isUi = command.name === '';
    const condition = isUi
      ? `not __fish_seen_subcommand_from ${names}`
      : `__fish_seen_subcommand_from ${command.name}`;
    if (!isUi) {
      lines.push(
        `complete -c azb -n 'not __fish_seen_subcommand_from ${names}' -a ${command.name} -d ${quoted(command.help)}`,
      );
    }
    if (OF_FILES.includes(command.name)) lines.push(`complete -c azb -n '${condition}' -F`);
    const words = operandWords(command);
    if (words !== '') lines.push(`complete -c azb -n '${condition}' -a '${words}'`);
    for (const [name, { short, kind, help }] of Object.entries(command.options)) {
      const letter = short === undefined ? '' : ` -s ${short}`;
      const value = kind === 'flag' ? '' : name === 'output' ? ` -x -a '${FORMATS.join(' ')}'` : ' -r';
      const file = name === 'file' ? ' -F' : '';
      lines.push(`complete -c azb -n '${condition}' -l ${name}${letter}${value}${file} -d ${quoted(help)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
