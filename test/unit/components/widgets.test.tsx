import { Text } from 'ink';
import { cleanup, render } from 'ink-testing-library';
import { afterEach, describe, expect, test } from 'vitest';
import { ButtonRow } from '../../../src/components/button-row.tsx';
import { DialogBox } from '../../../src/components/dialog-box.tsx';
import { Palette } from '../../../src/components/palette.ts';
import { progressBar } from '../../../src/components/progress-bar.ts';
import { inputLine } from '../../../src/components/text-input.ts';
import { stripSgr } from '../../../src/lib/style.ts';
import { cellWidth } from '../../../src/lib/width.ts';
import { cellAt, show, virtualTerminal } from '../../support/virtual-terminal.ts';

const PALETTE = new Palette('true');
const MONO = new Palette('none');

afterEach(cleanup);

/** The background of the first cell of a text in a frame. */
async function backgroundOf(frame: string | undefined, text: string): Promise<string> {
  const terminal = virtualTerminal(100, 10);
  await show(terminal, (frame ?? '').replaceAll('\n', '\r\n'));
  const lines = stripSgr(frame ?? '').split('\n');
  const y = lines.findIndex((line) => line.includes(text));
  return cellAt(terminal, lines[y]?.indexOf(text) ?? 0, y).bg;
}

describe('buttons', () => {
  test('stand side by side, and the one with the focus is filled', async () => {
    const { lastFrame, rerender } = render(
      <ButtonRow palette={PALETTE} labels={['Cancel', 'Delete']} focus={0} danger={1} width={60} />,
    );
    expect(stripSgr(lastFrame() ?? '')).toBe('[ Cancel ]  [ Delete ]');
    expect(await backgroundOf(lastFrame(), '[ Cancel')).toBe(PALETTE.style('focus').bg);
    expect(await backgroundOf(lastFrame(), '[ Delete')).toBe('default');
    rerender(<ButtonRow palette={PALETTE} labels={['Cancel', 'Delete']} focus={1} danger={1} width={60} />);
    expect(await backgroundOf(lastFrame(), '[ Delete')).toBe(PALETTE.style('danger').bg);
    expect(await backgroundOf(lastFrame(), '[ Cancel')).toBe('default');
    rerender(
      <ButtonRow palette={PALETTE} labels={['Cancel', 'Delete']} focus={undefined} danger={1} width={60} />,
    );
    expect(await backgroundOf(lastFrame(), '[ Delete')).toBe('default');
  });

  test('that do not fit on a line go on on the next', () => {
    const labels = ['Create', 'Edit as YAML (e)', 'Cancel'];
    const { lastFrame } = render(<ButtonRow palette={PALETTE} labels={labels} focus={0} width={34} />);
    expect(stripSgr(lastFrame() ?? '')).toBe('[ Create ]  [ Edit as YAML (e) ]\n[ Cancel ]');
  });
});

describe('a dialog', () => {
  test('frames what is in it, at its width, and cuts a title that is too long', () => {
    const { lastFrame } = render(
      <DialogBox palette={MONO} title={`Delete ${'x'.repeat(40)}?`} width={24}>
        <Text>really</Text>
      </DialogBox>,
    );
    expect(lastFrame()?.split('\n')).toEqual([
      '╭──────────────────────╮',
      '│ Delete xxxxxxxxxxxx… │',
      '│ really               │',
      '╰──────────────────────╯',
    ]);
  });

  test('is coloured as danger where it is dangerous', () => {
    const dialog = (danger: boolean) => {
      const { lastFrame } = render(
        <DialogBox palette={PALETTE} title="x" width={10} danger={danger}>
          <Text>y</Text>
        </DialogBox>,
      );
      return lastFrame();
    };
    expect(dialog(true)).not.toBe(dialog(false));
    expect(stripSgr(dialog(true) ?? '')).toBe(stripSgr(dialog(false) ?? ''));
  });
});

describe('a text field', () => {
  const line = (text: string, caret: number | undefined, width: number) =>
    stripSgr(inputLine(PALETTE, text, caret, width));

  test('shows the beginning while it has no focus, and that it goes on', () => {
    expect(line('a long text that does not fit', undefined, 10)).toBe('a long te…');
  });

  test('scrolls so that the cursor is always seen', () => {
    const text = '0123456789abcdef';
    expect(line(text, 16, 8)).toBe('…abcdef ');
    expect(line(text, 0, 8)).toBe('0123456…');
    expect(line(text, 5, 20)).toBe(text);
    for (let caret = 0; caret <= text.length; caret += 1) {
      const styled = inputLine(PALETTE, text, caret, 8);
      expect(styled).toContain(PALETTE.ink('focus', text.charAt(caret) || ' '));
      expect(cellWidth(stripSgr(styled))).toBeLessThanOrEqual(8);
    }
  });

  test('counts wide characters as two cells, and never splits a pair', () => {
    for (let caret = 0; caret <= 6; caret += 1) {
      expect(cellWidth(line('日本語日本語', caret, 7)), `caret ${caret}`).toBeLessThanOrEqual(8);
    }
    expect(inputLine(PALETTE, 'a😀b', 1, 10)).toContain(PALETTE.ink('focus', '😀'));
  });

  test('shows control characters instead of obeying them', () => {
    expect(stripSgr(inputLine(MONO, 'a\x1b[2Jb', undefined, 20))).toBe('a␛[2Jb');
  });
});

describe('a progress bar', () => {
  test.each([
    [0, 10, '░░░░'],
    [5, 10, '██░░'],
    [1, 32, '▏░░░'],
    [10, 10, '████'],
    [0, 0, '░░░░'],
    [99, 10, '████'],
  ])('%i of %i', (done, total, bar) => {
    expect(progressBar(done, total, 4)).toBe(bar);
  });
});
