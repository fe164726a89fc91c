import { UsageError } from '../../lib/errors.ts';
import { RESOURCES } from '../../resources/registry.ts';
import type { CommandSpec } from '../command-line.ts';
import { FORMATS } from './get.ts';
import { COMMANDS, COMPLETE } from './table.ts';

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

/** Commands whose operands are ids of the account, among others. */
const OF_OPERANDS: readonly string[] = ['get', 'delete', 'logs', 'grep', 'progress', 'wait'];

const NAMED = COMMANDS.filter(({ name }) => name !== '');

function resourceNames(): string {
  return RESOURCES.map(({ name }) => name).join(' ');
}

function optionNames(command: CommandSpec): string {
  return Object.keys(command.options)
    .map((name) => `--${name}`)
    .join(' ');
}

/** Options whose values are ids of the account. */
const OF_IDS: readonly string[] = ['pool', 'node', 'job', 'task', 'container'];

function idOptions(command: CommandSpec): string {
  return Object.entries(command.options)
    .filter(([name]) => OF_IDS.includes(name))
    .flatMap(([name, { short }]) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])])
    .join(' ');
}

/** The words that may be the first operand of a command. */
function operandWords(command: CommandSpec): string {
  if (command.operands.startsWith('RESOURCE')) return resourceNames();
  if (command.name === 'completion') return SHELLS.join(' ');
  if (command.name === 'wait') return 'job pool task';
  return command.name === 'help' ? NAMED.map(({ name }) => name).join(' ') : '';
}

/** bash takes the colons of an id for words of their own, and replaces what stands behind the last one. */
function bashScript(): string {
  const cases = COMMANDS.map((command) => {
    const pattern = command.name === '' ? "''" : command.name;
    return `    ${pattern}) options='${optionNames(command)}'; operands='${operandWords(command)}' ids='${idOptions(command)}' ;;`;
  });
  return `_azb_typed() {
  local rest=\${COMP_LINE:0:\${COMP_POINT:-0}} index word gap last=''
  for ((index = 0; index <= COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    gap=\${rest%%[![:space:]]*}
    rest=\${rest#"$gap"}
    rest=\${rest#"$word"}
    if [[ -z $gap && -n $word && ( ( -n $last && $word == :* ) || $last == *: ) ]]; then
      typed[\${#typed[@]}-1]+=$word
    else
      typed+=("$word")
    fi
    last=$word
  done
}
_azb_ids() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$("\${typed[0]}" ${COMPLETE} "\${typed[@]:1}" 2>/dev/null)" -- "$1"))
  if [[ \${COMPREPLY[0]} == */ ]] && type compopt &>/dev/null; then compopt -o nospace 2>/dev/null; fi
}
_azb() {
  local -a typed=()
  _azb_typed
  local count=\${#typed[@]}
  local current=\${typed[count-1]} previous=\${typed[count-2]}
  local command='' at=0 index options='' operands='' ids=''
  if [[ $current == = ]]; then current=''; fi
  if [[ $previous == = ]]; then previous=\${typed[count-3]}; fi
  for ((index = 1; index < count - 1; index++)); do
    case \${typed[index]} in
      ${NAMED.map(({ name }) => name).join('|')}) command=\${typed[index]}; at=$index; break ;;
    esac
  done
  case $command in
${cases.join('\n')}
  esac
  if [[ -z $command ]]; then operands='${NAMED.map(({ name }) => name).join(' ')}'; fi
  if [[ $previous == -o || $previous == --output ]]; then
    COMPREPLY=($(compgen -W '${FORMATS.join(' ')}' -- "$current"))
  elif [[ -n $command && ( " $ids " == *" $previous "* || $current == --*=* ) ]]; then
    _azb_ids "$current"
  elif [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ ${OF_FILES.map((name) => `$command == ${name}`).join(' || ')} ]]; then
    COMPREPLY=()
    if [[ $command != create ]]; then _azb_ids "$current"; fi
    if ((\${#COMPREPLY[@]} == 0)); then COMPREPLY=($(compgen -f -- "$current")); fi
  elif [[ -z $command ]] || { ((count == at + 2)) && [[ -n $operands ]]; }; then
    COMPREPLY=($(compgen -W "$operands" -- "$current"))
  elif [[ ${OF_OPERANDS.map((name) => `$command == ${name}`).join(' || ')} ]]; then
    _azb_ids "$current"
  fi
  if [[ -n \${BASH_VERSION-} && $COMP_WORDBREAKS == *:* && $current == *:* ]]; then
    COMPREPLY=("\${COMPREPLY[@]#"\${current%"\${current##*:}"}"}")
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
  const lines = [
    'complete -c azb -f',
    `function __azb_ids; set -l words (commandline -opc); $words[1] ${COMPLETE} $words[2..-1] (commandline -ct) 2>/dev/null; end`,
  ];
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
    if (isOfIds(command)) lines.push(`complete -c azb -n '${condition}' -a '(__azb_ids)'`);
    const words = operandWords(command);
    if (words !== '') lines.push(`complete -c azb -n '${condition}' -a '${words}'`);
    for (const [name, { short, kind, help }] of Object.entries(command.options)) {
      const letter = short === undefined ? '' : ` -s ${short}`;
      const value = kind === 'flag' ? '' : fishValue(command, name);
      const file = name === 'file' ? ' -F' : '';
      lines.push(`complete -c azb -n '${condition}' -l ${name}${letter}${value}${file} -d ${quoted(help)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Whether operands of the command are ids of the account, wherever they stand. */
function isOfIds({ name }: CommandSpec): boolean {
  return OF_OPERANDS.includes(name) || (OF_FILES.includes(name) && name !== 'create');
}

function fishValue({ name: command }: CommandSpec, option: string): string {
  if (option === 'output') return ` -x -a '${FORMATS.join(' ')}'`;
  return command !== '' && OF_IDS.includes(option) ? " -x -a '(__azb_ids)'" : ' -r';
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
