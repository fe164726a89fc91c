import type { FileRef } from '../api/port.ts';
import { boxLines, centred } from '../components/box.ts';
import { type PaneText, wrapWords } from '../components/pane-lines.ts';
import { describeError } from '../lib/errors.ts';
import { visible, visibleKeepingColour } from '../lib/sanitise.ts';
import { ageText, bytesText, countText } from '../lib/units.ts';
import { tailKey } from '../store/keys-of.ts';
import { failureStatus } from '../store/source.ts';
import type { AppState, PaneState, TailState, TailView } from '../store/state.ts';
import { keyFor } from './key-table.ts';
import type { Paint, Painting } from './painting.ts';
import { bottomTop, paintPane, paneTitle } from './pane.ts';

/** The end of a growing file. */
export const paintTail: Paint<TailView> = (painting, state, view, width, height) => {
  const { palette } = painting;
  const tail = state.tails[tailKey(view)];
  const text = tailText(painting, state, view);
  const titles = {
    title: paneTitle(palette, `tail(${fileName(view.file)})`, text.lines, view.pane),
    right: tail === undefined ? '' : statusText(painting, state, tail),
    bottom: tail === undefined ? '' : extentText(painting, state, tail),
  };
  if (text.lines.length > 0) {
    return paintPane(palette, titles, text, shownPane(tail, text, view.pane, width, height), width, height);
  }
  return boxLines(
    palette,
    width,
    height,
    titles,
    centred(nothing(painting, state, view, width), width - 2, height - 2),
  );
};

/** The held lines; colours stay when they are shown, everything else that a terminal would obey is neutralised. */
export function tailText({ palette }: Pick<Painting, 'palette'>, state: AppState, view: TailView): PaneText {
  const tail = state.tails[tailKey(view)];
  const marks = new Set(tail?.marks);
  return {
    lines: tail?.lines ?? [],
    show: (line, index) => {
      const shown = visibleKeepingColour(lastWritten(line));
      const time =
        view.times === true ? `${palette.ink('dim', arrivalText(tail?.arrivals[index] ?? 0))} ` : '';
      const mark = marks.has(index + (tail?.dropped ?? 0)) ? ` ${palette.ink('mark', '◀ marked')}` : '';
      return `${time}${shown}${mark}`;
    },
  };
}

/** Time of day in UTC, as the service tells times; blank for lines that were there before. */
function arrivalText(at: number): string {
  return at === 0 ? ' '.repeat(8) : new Date(at).toISOString().slice(11, 19);
}

/** What a terminal would show of a line that a program writes over, as it draws its progress. */
function lastWritten(line: string): string {
  const end = line.search(/\r*$/);
  return line.slice(line.lastIndexOf('\r', end - 1) + 1, end);
}

/** `myjob/mytask5/stdout.txt` */
export function fileName(file: FileRef): string {
  return file.kind === 'task'
    ? `${file.job}/${file.task}/${file.path}`
    : `${file.pool}/${file.node}/${file.path}`;
}

/** While following, the end of the file is shown; otherwise the line that the eye is on stays. */
export function shownPane(
  tail: TailState | undefined,
  text: PaneText,
  pane: PaneState,
  width: number,
  height: number,
): PaneState {
  const bottom = bottomTop(text, pane, width, height);
  const top =
    tail?.following === true ? bottom : Math.min(bottom, Math.max(0, pane.top - (tail?.dropped ?? 0)));
  return { ...pane, top };
}

function statusText({ palette, now }: Painting, state: AppState, tail: TailState): string {
  const age = tail.updatedAt === undefined ? '' : ` ${ageText(now() - tail.updatedAt)}`;
  if (tail.error !== undefined) {
    const why = failureStatus(tail.error) === 'refused' ? 'refused' : 'no connection';
    return palette.ink('warn', ` ${why}: data${age} old `);
  }
  if (tail.status === 'ended') return palette.ink('done', ' ended ');
  if (tail.status !== 'following') return palette.ink('busy', ` ${tail.status} `);
  return tail.following
    ? palette.ink('good', ` following${age} `)
    : palette.ink('waiting', ` paused: ${keyFor(state, 'tail.follow')} follows${age} `);
}

function extentText({ palette }: Painting, state: AppState, tail: TailState): string {
  if (tail.endByte === 0) return '';
  const older =
    tail.startByte === 0 ? '' : `, ${keyFor(state, 'tail.older')} loads older (${bytesText(tail.startByte)})`;
  const words = tail.error === undefined ? tail.note : describeError(tail.error).message;
  const note = words === undefined ? '' : ` ${visible(words)},`;
  const count = tail.lines.length;
  return palette.ink('dim', `${note} ${countText(count)} ${count === 1 ? 'line' : 'lines'}${older} `);
}

/** The other of a task's two output files. */
export function pairOf(path: string): string | undefined {
  const pairs: Readonly<Record<string, string>> = { 'stdout.txt': 'stderr.txt', 'stderr.txt': 'stdout.txt' };
  return pairs[path];
}

function nothing({ palette }: Painting, state: AppState, view: TailView, width: number): string[] {
  const tail = state.tails[tailKey(view)];
  const { path } = view.file;
  const room = Math.max(20, width - 10);
  if (tail?.error !== undefined) {
    const { message, next } = describeError(tail.error);
    return [
      ...wrapWords(visible(message), room).map((line) => palette.ink('error', line)),
      ...(next === undefined ? [] : wrapWords(`try: ${next}`, room).map((line) => palette.ink('info', line))),
    ];
  }
  if (tail === undefined || tail.status === 'opening') return [palette.ink('busy', 'opening …')];
  const isEmpty = tail.status !== 'waiting';
  const text = [isEmpty ? `${path} is empty` : undefined, tail.note].filter((part) => part !== undefined);
  const other = isEmpty ? pairOf(path) : undefined;
  return [
    ...wrapWords(visible(text.join(': ')), room).map((line) =>
      palette.ink(tail.status === 'ended' ? 'done' : 'waiting', line),
    ),
    ...(other === undefined ? [] : [palette.ink('dim', `${keyFor(state, 'tail.swap')} shows ${other}`)]),
  ];
}
