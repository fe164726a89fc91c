import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandLineError, splitCommandLine } from '../../../emulator/runner/index.ts';

describe('splitCommandLine', () => {
  it.each([
    ['echo a  b\t c\n', ['echo', 'a', 'b', 'c']],
    ["echo 'a b' 'c\\n'", ['echo', 'a b', 'c\\n']],
    ['echo "a \\"b\\" \\\\ \\$x \\` \\n"', ['echo', 'a "b" \\ $x ` \\n']],
    ['echo a\\ b \\"c', ['echo', 'a b', '"c']],
    ['echo "" \'\'', ['echo', '', '']],
    ['echo a"b c"\'d e\'f', ['echo', 'ab cd ef']],
    ['ls $HOME *.txt | wc > out; true', ['ls', '$HOME', '*.txt', '|', 'wc', '>', 'out;', 'true']],
    ['echo end\\', ['echo', 'end\\']],
  ])('splits %j', (line, words) => {
    expect(splitCommandLine(line)).toEqual(words);
  });

  it('hands the tutorial’s command to bash as three arguments', () => {
    const script =
      'echo $(printenv | grep \\AZ_BATCH_TASK_ID) processed by; echo $(printenv | grep \\AZ_BATCH_NODE_ID)';
    expect(splitCommandLine(`/bin/bash -c '${script}'`)).toEqual(['/bin/bash', '-c', script]);
  });

  it.each(['', '   ', "''", "echo 'a", 'echo "a', 'echo "a\\"'])('refuses %j', (line) => {
    expect(() => splitCommandLine(line)).toThrow(CommandLineError);
  });

  it('gives back any words that were quoted', () => {
    const word = fc.string({ unit: 'binary' });
    const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(splitCommandLine(['program', ...words.map(quote)].join(' '))).toEqual(['program', ...words]);
      }),
    );
  });
});
