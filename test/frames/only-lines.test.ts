import { describe, expect, test } from 'vitest';
import type { FileRef } from '../../src/api/port.ts';
import { tailView, textView } from '../../src/store/views.ts';
import { openScreen } from '../support/frames.tsx';
import { oneFile } from '../support/one-file.ts';
import { SECOND } from '../support/samples.ts';
import { scriptedPort } from '../support/scripted-port.ts';

const STDOUT: FileRef = { kind: 'task', job: 'myjob', task: 'mytask4', path: 'stdout.txt' };

/** A tail on a file in which each tenth line tells of a warning. */
async function tailing(count: number) {
  const line = (number: number) => `line ${number}${number % 10 === 0 ? ' WARN slow' : ''}\n`;
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => line(from + index)).join('');
  const { world, script } = oneFile(lines(1, count));
  const screen = await openScreen({ port: scriptedPort(script), view: tailView(STDOUT) });
  const numbers = () => [...screen.text().matchAll(/│line (\d+)/g)].map(([, number]) => Number(number));
  return { screen, world, lines, numbers };
}

describe('& in a tail', () => {
  test('asks for a text, leaves out the lines without it, and goes on following', async () => {
    const { screen, world, lines, numbers } = await tailing(100);
    await screen.press('&', 'warn', 'enter');
    expect(numbers()).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
    expect(screen.row(2)).toContain('</warn> only [0:10]');
    expect(screen.text()).toContain(' 10 of 100 lines ');
    world.text += lines(101, 125);
    await screen.pass(SECOND);
    expect(numbers().slice(-3)).toEqual([100, 110, 120]);
    expect(screen.text()).toContain('following');
  });

  test('narrows while the text is typed', async () => {
    const { screen, numbers } = await tailing(100);
    await screen.press('&', 'line 5');
    expect(numbers()).toEqual([5, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59]);
  });

  test('again shows what stands around the match that is looked at, and once more leaves it out', async () => {
    const { screen, numbers } = await tailing(200);
    await screen.press('/', 'warn', 'enter', 'n', 'n', '&');
    expect(numbers().length).toBeLessThan(19);
    expect(screen.row(2)).toContain('only [1:20]');
    await screen.press('n', 'n', '&');
    expect(numbers()).toEqual(expect.arrayContaining([28, 29, 30, 31, 32]));
    expect(screen.row(2)).toContain('</warn> [3:20]');
  });

  test('the line at the top is kept as near as can be, also after scrolling', async () => {
    const { screen, numbers } = await tailing(1000);
    await screen.press('/', 'warn', 'enter', 'esc', 'g', 'pgdn', 'pgdn');
    const [top = 0] = numbers();
    await screen.press('&', 'warn', 'enter');
    expect(numbers()[0]).toBe(Math.ceil(top / 10) * 10);
    await screen.press('j', 'j');
    const [narrowed = 0] = numbers();
    expect(narrowed).toBe(Math.ceil(top / 10) * 10 + 20);
    await screen.press('&');
    expect(numbers()[0]).toBe(narrowed);
  });

  test('says that no line holds the text', async () => {
    const { screen, numbers } = await tailing(20);
    await screen.press('&', 'zebra', 'enter');
    expect(numbers()).toEqual([]);
    expect(screen.text()).toContain('no line holds zebra');
    await screen.press('j', 'G', '&');
    expect(numbers()).toContain(20);
  });

  test('all lines are back when the text is taken away', async () => {
    const { screen, numbers } = await tailing(20);
    for (const keys of [['esc'], ['enter', 'esc'], ['backspace', 'backspace', 'enter']]) {
      await screen.press('&', '10', ...keys);
      expect(numbers().length).toBeGreaterThan(10);
      await screen.press('/', '10', 'enter');
      expect(numbers().length).toBeGreaterThan(10);
      await screen.press('esc');
    }
  });

  test('marks the last line that is seen, so that what follows is new', async () => {
    const { screen, world, lines } = await tailing(105);
    await screen.press('&', 'warn', 'enter', 'enter');
    expect(screen.text()).toContain('line 100 WARN slow ◀ marked');
    world.text += lines(106, 125);
    await screen.pass(SECOND);
    expect(screen.text()).toMatch(/line 100 WARN slow ◀ marked.*\n.*line 110 WARN slow +│/);
  });

  test('copies and saves the lines that are seen', async () => {
    const { screen } = await tailing(100);
    await screen.press('&', 'warn', 'enter', 'c');
    expect(screen.copied.at(-1)?.split('\n')).toHaveLength(10);
    await screen.press('ctrl-s');
    expect(screen.text()).toContain('saved 10 lines');
  });
});

test('& works in any text', async () => {
  const screen = await openScreen({ view: textView('yaml', 'pools', {}, 'mypool') });
  await screen.press('&', 'vmsize', 'enter');
  const inside = screen.text().match(/│\S.*?│/g);
  expect(inside).toHaveLength(1);
  expect(inside?.[0]).toContain('vmSize');
  await screen.press('?', '&', 'any text', 'enter');
  expect(screen.text().match(/│\S.*?│/g)).toEqual([expect.stringContaining('ANY TEXT')]);
});
