import type { Palette, Role } from '../components/palette.ts';
import { visible } from '../lib/sanitise.ts';
import type { Finding } from '../resources/why.ts';
import type { Explanation } from '../store/why-source.ts';

const SIGNS: Readonly<Record<Finding['kind'], readonly [sign: string, role: Role]>> = {
  stop: ['✗', 'error'],
  wait: ['…', 'warn'],
  fine: ['✓', 'good'],
};

/** The reasons why something does not run, the gravest first, each with what can be done about it. */
export function whyLines(palette: Palette, { about, findings }: Explanation): string[] {
  return [
    palette.ink('heading', visible(about)),
    ...findings.flatMap(({ kind, text, next }) => {
      const [sign, role] = SIGNS[kind];
      const step = next === undefined ? [] : [palette.ink('info', `    try: ${visible(next)}`)];
      return ['', palette.ink(role, `  ${sign} ${visible(text)}`), ...step];
    }),
  ];
}
