import { Box, render, Text } from 'ink';
import { createElement } from 'react';
import { describe, expect, test } from 'vitest';
import { erasesWithBackground, Surface } from '../../../src/terminal/surface.ts';
import { screenText, show, virtualTerminal } from '../../support/virtual-terminal.ts';

/** A terminal that can be slow: with `takes` false every write asks to wait for `drain`. */
function fakeOutput(columns = 40, rows = 10) {
  const writes: string[] = [];
  const drains: (() => void)[] = [];
  return {
    columns,
    rows,
    writes,
    takes: true,
    write(text: string) {
      writes.push(text);
      return this.takes;
    },
    once(_event: 'drain', listener: () => void) {
      drains.push(listener);
    },
    drain() {
      for (const listener of drains.splice(0)) listener();
    },
  };
}

/** A turn of the event loop: what was scheduled with setImmediate before has run. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

const chrome = (top: string, bottom: string, dialog = '') => `${top}\n\ue000\n${bottom}\n\ue000\n${dialog}`;

async function shown(writes: readonly string[], columns = 40, rows = 10): Promise<string> {
  const terminal = virtualTerminal(columns, rows);
  await show(terminal, writes.join(''));
  return screenText(terminal);
}

describe('the surface', () => {
  test('puts the view between the chrome and gives it what is left', async () => {
    const output = fakeOutput(40, 6);
    const surface = new Surface({ output });
    surface.sink.write(chrome('head 1\nhead 2', 'crumbs'));
    expect(surface.viewSize()).toEqual({ width: 40, height: 3 });
    expect(surface.viewTop()).toBe(2);
    surface.setView((width, height) => [`${width}x${height}`, 'row 2', 'row 3', 'too much']);
    surface.paintNow();
    expect(await shown(output.writes, 40, 6)).toBe('head 1\nhead 2\n40x3\nrow 2\nrow 3\ncrumbs');
  });

  test('centres the dialog over the view, without the margin that Ink gives it', async () => {
    const output = fakeOutput(20, 7);
    const surface = new Surface({ output });
    surface.sink.write(chrome('head', 'foot', '     ┌──┐\n     │ok│\n     └──┘'));
    surface.setView((width, height) => Array.from({ length: height }, () => '.'.repeat(width)));
    surface.paintNow();
    const dots = '.'.repeat(8);
    expect((await shown(output.writes, 20, 7)).split('\n')).toEqual([
      'head',
      '.'.repeat(20),
      `${dots}┌──┐${dots}`,
      `${dots}│ok│${dots}`,
      `${dots}└──┘${dots}`,
      '.'.repeat(20),
      'foot',
    ]);
  });

  test('on a terminal too low for everything keeps the bottom lines and never fails', async () => {
    const output = fakeOutput(20, 3);
    const surface = new Surface({ output });
    surface.sink.write(chrome('a\nb\nc\nd', 'crumbs\nflash', 'one\ntwo\nthree\nfour'));
    expect(surface.viewSize().height).toBe(0);
    surface.sink.write(chrome('a\nb\nc\nd', 'crumbs\nflash'));
    surface.paintNow();
    expect(await shown(output.writes, 20, 3)).toBe('a\ncrumbs\nflash');
  });

  test('draws the chrome of a real Ink application and follows its size', async () => {
    const output = fakeOutput(30, 6);
    const surface = new Surface({ output });
    const app = createElement(
      Box,
      { flexDirection: 'column' },
      createElement(Box, { justifyContent: 'flex-end' }, createElement(Text, { color: 'red' }, 'pools')),
      createElement(Text, null, '\ue000'),
      createElement(Text, null, '<pools>'),
      createElement(Text, null, '\ue000'),
    );
    const ink = render(app, { stdout: surface.sink, debug: true, patchConsole: false });
    surface.setView(() => ['view']);
    surface.paintNow();
    expect(await shown(output.writes, 30, 6)).toBe(`${' '.repeat(25)}pools\nview\n\n\n\n<pools>`);
    output.writes.length = 0;
    surface.resize(20, 5);
    surface.paintNow();
    expect(await shown(output.writes, 20, 5)).toBe(`${' '.repeat(15)}pools\nview\n\n\n<pools>`);
    surface.close();
    ink.unmount();
  });

  test('takes no frame from what Ink writes about the cursor', async () => {
    const output = fakeOutput();
    const surface = new Surface({ output });
    surface.sink.write(chrome('head', 'foot'));
    surface.sink.write('\x1b[?25l');
    surface.sink.write('');
    surface.paintNow();
    expect(await shown(output.writes)).toMatch(/^head\n[\s\S]*foot$/);
  });

  test('paints once a turn however often it is asked', async () => {
    const output = fakeOutput();
    const surface = new Surface({ output });
    let count = 0;
    surface.setView(() => [String(count)]);
    for (; count < 5; count++) surface.schedule();
    await turn();
    expect(surface.paints).toBe(1);
    expect(output.writes).toHaveLength(1);
    expect(await shown(output.writes)).toContain('5');
  });

  test('does not paint again what was painted before the end of the turn', async () => {
    const output = fakeOutput();
    const surface = new Surface({ output });
    let drawn = 0;
    surface.setView(() => {
      drawn++;
      return [];
    });
    surface.schedule();
    surface.paintNow();
    await turn();
    expect(drawn).toBe(1);
  });

  test('paints at once after some work, which cannot ask for another paint, nor keep it from coming', async () => {
    const output = fakeOutput();
    const surface = new Surface({ output });
    let drawn = 0;
    surface.setView(() => {
      drawn += 1;
      return [String(drawn)];
    });
    surface.paintAfter(() => surface.schedule());
    expect(drawn).toBe(1);
    await turn();
    expect(drawn).toBe(1);
    const fail = () => {
      throw new Error('a bug');
    };
    expect(() => surface.paintAfter(fail)).toThrow('a bug');
    expect(drawn).toBe(2);
    surface.schedule();
    await turn();
    expect(drawn).toBe(3);
  });

  test('writes nothing while the terminal is busy, then only the latest state', async () => {
    const output = fakeOutput();
    const surface = new Surface({ output });
    let text = 'first';
    surface.setView(() => [text]);
    output.takes = false;
    surface.paintNow();
    for (text of ['second', 'third', 'fourth']) surface.paintNow();
    expect(output.writes).toHaveLength(1);
    output.takes = true;
    output.drain();
    expect(output.writes).toHaveLength(2);
    expect(output.writes[1]).not.toContain('third');
    expect(await shown(output.writes)).toMatch(/^fourth/);
  });

  test('counts the bytes it wrote', () => {
    const output = fakeOutput();
    const surface = new Surface({ output });
    surface.setView(() => ['日本']);
    surface.paintNow();
    expect(surface.bytesWritten).toBe(Buffer.byteLength(output.writes.join('')));
  });

  test('repaints everything when what the terminal shows is unknown', async () => {
    const output = fakeOutput();
    const surface = new Surface({ output });
    surface.setView(() => ['view']);
    surface.paintNow();
    output.writes.length = 0;
    surface.invalidate();
    await turn();
    expect(await shown(['rubbish\r\nmore rubbish', ...output.writes])).toMatch(/^view\n+$/);
  });

  test('shows the cursor where it is wanted, moves it, hides it', async () => {
    const output = fakeOutput();
    const surface = new Surface({ output });
    let text = '> a';
    surface.setView(() => [text]);
    surface.setCursor({ x: 3, y: 0 });
    surface.paintNow();
    expect(output.writes.at(-1)).toMatch(/\x1b\[1;4H\x1b\[\?25h$/);
    surface.setCursor({ x: 1, y: 0 });
    surface.paintNow();
    expect(output.writes.at(-1)).toBe('\x1b[1;2H');
    text = '> b';
    surface.paintNow();
    expect(output.writes.at(-1)).toMatch(/b\x1b\[1;2H$/);
    surface.setCursor(null);
    surface.paintNow();
    expect(output.writes.at(-1)).toBe('\x1b[?25l');
  });

  test('writes nothing any more once closed', async () => {
    const output = fakeOutput();
    const surface = new Surface({ output });
    surface.sink.write(chrome('head', 'foot'));
    surface.close();
    surface.paintNow();
    await turn();
    expect(output.writes).toEqual([]);
  });

  test('takes a size of 0 for a terminal of 80x24', () => {
    const surface = new Surface({ output: fakeOutput(0, 0) });
    expect(surface.viewSize()).toEqual({ width: 80, height: 24 });
  });

  test('stays right when a log brings more styles than it remembers', async () => {
    const output = fakeOutput();
    const surface = new Surface({ output });
    let frame = 0;
    surface.setView((width) => [
      Array.from({ length: width }, (_, x) => `\x1b[38;2;${frame >> 8};${frame & 255};${x}mx`).join(''),
    ]);
    for (; frame < 600; frame++) surface.paintNow();
    expect(await shown(output.writes)).toMatch(/^x{40}\n/);
    expect(output.writes.filter((write) => write.includes('\x1b[J')).length).toBeGreaterThan(1);
  });
});

test('only terminals known to do so are said to erase with the background', () => {
  for (const term of ['xterm-256color', 'alacritty', 'xterm-kitty', 'foot'])
    expect(erasesWithBackground(term)).toBe(true);
  for (const term of ['screen-256color', 'tmux-256color', 'vt100', undefined]) {
    expect(erasesWithBackground(term)).toBe(false);
  }
});
