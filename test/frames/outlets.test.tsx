import { Text } from 'ink';
import { cleanup, render } from 'ink-testing-library';
import { afterEach, describe, expect, test } from 'vitest';
import { paintView } from '../../src/screens/paint.ts';
import { createPainting } from '../../src/screens/painting.ts';
import type { View } from '../../src/store/state.ts';
import { helpView, listView, tailView, textView } from '../../src/store/views.ts';
import { Surface } from '../../src/terminal/surface.ts';
import { openScreen } from '../support/frames.tsx';
import { task } from '../support/samples.ts';
import { scriptedPort } from '../support/scripted-port.ts';
import { cellAt, type SeenCell, show, virtualTerminal } from '../support/virtual-terminal.ts';

/** The width that ink-testing-library gives Ink. */
const WIDTH = 100;
const HEIGHT = 30;

afterEach(cleanup);

const FILE = { kind: 'task', job: 'myjob', task: 'mytask', path: 'stdout.txt' } as const;
const OUTPUT = new TextEncoder().encode(
  '\x1b[32mgreen\x1b[0m and plain\n日本語 wide, 👩‍👧 joined, e\u0301 combined\n\ttab and \x07 bell\n'.repeat(
    9,
  ),
);

const PORT = {
  get: async (resource: string) =>
    resource === 'tasks' ? task('mytask') : { id: 'mypool', state: 'active' },
  statFile: async () => ({
    size: OUTPUT.length,
    lastModified: undefined,
    isDirectory: false,
    contentType: undefined,
  }),
  readFile: async () => OUTPUT,
};

/** What a user sees of bytes, cell by cell. */
async function cellsOf(bytes: string): Promise<SeenCell[]> {
  const terminal = virtualTerminal(WIDTH, HEIGHT);
  await show(terminal, bytes);
  return Array.from({ length: WIDTH * HEIGHT }, (_, index) =>
    cellAt(terminal, index % WIDTH, Math.floor(index / WIDTH)),
  );
}

/** What can be seen of a cell: of a blank only its background, and lines through or below it. */
function look(cell: SeenCell | undefined): string {
  if (cell === undefined) return 'nothing';
  const { glyph, fg, bg, bold, dim, italic, underline, inverse, strike } = cell;
  if (glyph === ' ' && !inverse) return JSON.stringify({ bg, underline, strike });
  return JSON.stringify({ glyph, fg, bg, bold, dim, italic, underline, inverse, strike });
}

function throughSurface(lines: readonly string[]): string {
  let bytes = '';
  const output = {
    columns: WIDTH,
    rows: HEIGHT,
    write: (text: string) => {
      bytes += text;
      return true;
    },
    once: () => undefined,
  };
  const surface = new Surface({ output });
  surface.setView(() => lines);
  surface.paintNow();
  return bytes;
}

function throughInk(lines: readonly string[]): string {
  const { lastFrame } = render(<Text>{lines.join('\n')}</Text>);
  return (lastFrame() ?? '').replaceAll('\n', '\r\n');
}

const VIEWS: readonly (readonly [string, View])[] = [
  ['pools', listView('pools', {})],
  ['tasks', listView('tasks', { job: 'myjob' })],
  ['filtered to nothing', listView('tasks', { job: 'myjob' }, 'nowhere')],
  ['describe', textView('describe', 'pools', {}, 'mypool')],
  ['yaml', textView('yaml', 'pools', {}, 'mypool')],
  ['help', helpView(listView('tasks', { job: 'myjob' }))],
  ['tail', tailView(FILE)],
  ['welcome', { kind: 'welcome' }],
];

describe('the surface and Ink show the same', () => {
  test.each(VIEWS)('%s', async (name, view) => {
    const port =
      name === 'describe' || name === 'yaml' || name === 'tail' ? scriptedPort(PORT) : scriptedPort();
    const screen = await openScreen({ columns: WIDTH, rows: HEIGHT, view, port });
    const { painting } = screen.context;
    const fresh = createPainting(painting.palette, painting.listings, () => screen.timing.now());
    const lines = paintView(fresh, screen.store.getState(), WIDTH, HEIGHT);
    expect(lines).toHaveLength(HEIGHT);
    const [surface, ink] = [await cellsOf(throughSurface(lines)), await cellsOf(throughInk(lines))];
    const differing = surface.flatMap((cell, index) => {
      const [shown, other] = [look(cell), look(ink[index])];
      const place = `${index % WIDTH},${Math.floor(index / WIDTH)}`;
      return shown === other ? [] : [`${place}: ${shown} and ${other}`];
    });
    expect(differing).toEqual([]);
  });
});
