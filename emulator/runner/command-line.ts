/** Thrown for a command line that has no program or ends inside a quotation. */
export class CommandLineError extends Error {
  override readonly name = 'CommandLineError';
}

/** Inside double quotes a backslash is an escape only before these. */
const ESCAPED_IN_DOUBLE_QUOTES = '"\\$`';

/**
 * Splits a task's command line into program and arguments as a Linux node does: words end at white space, single
 * quotes are literal, double quotes know backslash escapes, a backslash elsewhere takes the next character
 * literally. Nothing is expanded: no variables, globs or substitutions, as no shell reads the line.
 * https://learn.microsoft.com/azure/batch/batch-compute-node-environment-variables#command-line-expansion-of-environment-variables
 */
export function splitCommandLine(text: string): [program: string, ...args: string[]] {
  const words: string[] = [];
  let position = 0;
  while (true) {
    while (isSpace(text[position])) position++;
    if (position >= text.length) break;
    const [word, end] = readWord(text, position);
    words.push(word);
    position = end;
  }
  const [program, ...args] = words;
  if (program === undefined || program === '')
    throw new CommandLineError('The command line names no program.');
  return [program, ...args];
}

function isSpace(character: string | undefined): boolean {
  return character !== undefined && ' \t\r\n\v\f'.includes(character);
}

function readWord(text: string, start: number): [word: string, end: number] {
  let word = '';
  let position = start;
  while (position < text.length && !isSpace(text[position])) {
    const character = text.charAt(position);
    if (character === "'" || character === '"') {
      const [quoted, end] = character === "'" ? readSingle(text, position) : readDouble(text, position);
      word += quoted;
      position = end;
    } else if (character === '\\' && position + 1 < text.length) {
      word += text.charAt(position + 1);
      position += 2;
    } else {
      word += character;
      position++;
    }
  }
  return [word, position];
}

function readSingle(text: string, open: number): [content: string, end: number] {
  const close = text.indexOf("'", open + 1);
  if (close < 0) throw new CommandLineError('The command line ends inside a single quotation.');
  return [text.slice(open + 1, close), close + 1];
}

function readDouble(text: string, open: number): [content: string, end: number] {
  let content = '';
  let position = open + 1;
  while (position < text.length) {
    const character = text.charAt(position);
    if (character === '"') return [content, position + 1];
    const next = text.charAt(position + 1);
    if (character === '\\' && next !== '' && ESCAPED_IN_DOUBLE_QUOTES.includes(next)) {
      content += next;
      position += 2;
    } else {
      content += character;
      position++;
    }
  }
  throw new CommandLineError('The command line ends inside a double quotation.');
}
