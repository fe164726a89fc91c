import type { Palette, Role } from '../components/palette.ts';
import { wrapWords } from '../components/pane-lines.ts';
import { visible } from '../lib/sanitise.ts';
import type { Finding } from '../resources/why.ts';
import type { Explanation } from '../store/sources/why-source.ts';

const SIGNS: Readonly<Record<Finding['kind'], readonly [sign: string, role: Role]>> = {
  stop: ['✗', 'error'],
  wait: ['…', 'warn'],
  fine: ['✓', 'good'],
};

/** The reasons why something does not run, the gravest first, each with what can be done about it; in lines of that width. */
export function whyLines(palette: Palette, { about, findings }: Explanation, width: number): string[] {
  return [
    ...wrapWords(visible(about), width).map((line) => palette.ink('heading', line)),
    ...findings.flatMap(({ kind, text, next }) => {
      const [sign, role] = SIGNS[kind];
      const step = next === undefined ? [] : hanging(palette, 'info', '    try: ', next, width);
      return ['', ...hanging(palette, role, `  ${sign} `, text, width), ...step];
    }),
  ];
}

/** Words in lines of which all but the first begin under the first word. */
function hanging(palette: Palette, role: Role, lead: string, text: string, width: number): string[] {
  return wrapWords(visible(text), Math.max(20, width - lead.length)).map((line, index) =>
    palette.ink(role, (index === 0 ? lead : ' '.repeat(lead.length)) + line),
  );
}
