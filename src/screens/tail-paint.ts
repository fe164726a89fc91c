import { boxLines, centred } from '../components/box.ts';
import { earlier, type PaneText, styledText, wrapWords } from '../components/pane-lines.ts';
import { describeError } from '../lib/errors.ts';
import { visible, visibleKeepingColour } from '../lib/sanitise.ts';
import { shortId } from '../lib/short-id.ts';
import { stripSgr } from '../lib/style.ts';
import { ageText, bytesText, countText } from '../lib/units.ts';
import { cellWidth } from '../lib/width.ts';
import { tailKey } from '../store/keys-of.ts';
import type { AppState, PaneState, TailState, TailView } from '../store/state.ts';
import { baseName, distinctName, filesNote, nextStreams, tailName } from '../store/tail-names.ts';
import { keyFor } from './key-table.ts';
import { troubleText, watchesText } from './list-title.ts';
import type { Paint, Painting } from './painting.ts';
import { bottomPlace, paintPane, paneTitle, type SeenText, seenText } from './pane.ts';
import { labelText, plainTag, tailLead } from './tail-lead.ts';

/** The end of a growing file, or the ends of several as one text. */
export const paintTail: Paint<TailView> = (painting, state, view, width, height) => {
  const { palette } = painting;
  const tail = state.tails[tailKey(view)];
  const whole = tailText(painting, state, view);
  const { text, pane, lines } = seenTail(tail, whole, view.pane, width, height);
  const right = watchesText(palette, state) + (tail === undefined ? '' : statusText(painting, state, tail));
  const name = `tail(${tailName(view.files, shortId)})`;
  const titles = {
    title: paneTitle(palette, name, text, pane, { width, right }),
    right,
    bottom: tail === undefined ? '' : extentText(painting, state, view, tail, lines?.length),
  };
  if (whole.count > 0) return paintPane(palette, titles, text, pane, width, height);
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
  if (tail === undefined) return styledText([]);
  const { text } = tail;
  const marks = new Set(tail.marks);
  return {
    count: text.count,
    show: (index) => {
      const place = text.place(index);
      const shown =
        place.label === undefined
          ? shownLine(palette, place.text)
          : palette.ink('border', `── ${labelText(view.files, place.label, place.isFirst)} ──`);
      const mark = marks.has(index + text.dropped) ? ` ${palette.ink('mark', '◀ marked')}` : '';
      return `${shown}${mark}`;
    },
    plain: (index) => {
      const place = text.place(index);
      return place.label === undefined
        ? `${plainTag(view.files, place.file)}${stripSgr(place.text)}`
        : `── ${labelText(view.files, place.label, place.isFirst)} ──`;
    },
    find: (wanted) => text.find(wanted),
    lead: tailLead(palette, view.files, text, view.times === true),
  };
}

/** Characters of a line that are shown at most; no terminal is that large, and programs do write lines of 10 MB. */
const LONGEST_LINE = 50_000;

function shownLine(palette: Painting['palette'], line: string): string {
  const written = withoutTabs(lastWritten(line));
  if (written.length <= LONGEST_LINE) return visibleKeepingColour(written);
  const rest = ` … and ${countText(written.length - LONGEST_LINE)} more characters`;
  return `${visibleKeepingColour(written.slice(0, LONGEST_LINE))}${palette.ink('dim', rest)}`;
}

/** Cells between two places at which a terminal stops for a tab. */
const TAB_STOP = 8;

/** Tabs as the blanks that a terminal leaves for them, so that columns stand below each other. */
function withoutTabs(line: string): string {
  if (!line.includes('\t')) return line;
  const parts = line.slice(0, LONGEST_LINE).split('\t');
  const last = (parts.pop() ?? '') + line.slice(LONGEST_LINE);
  let column = 0;
  const tabbed = parts.map((part) => {
    column += cellWidth(stripSgr(visibleKeepingColour(part)));
    const blanks = TAB_STOP - (column % TAB_STOP);
    column += blanks;
    return part + ' '.repeat(blanks);
  });
  return tabbed.join('') + last;
}

/** What a terminal would show of a line that a program writes over, as it draws its progress. */
function lastWritten(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\r') end -= 1;
  return line.slice(end === 0 ? 0 : line.lastIndexOf('\r', end - 1) + 1, end);
}

/** While following, the end of the file is shown; otherwise the line that the eye is on stays. */
export function seenTail(
  tail: TailState | undefined,
  text: PaneText,
  pane: PaneState,
  width: number,
  height: number,
): SeenText {
  if (tail === undefined) return seenText(text, pane);
  const { dropped } = tail.text;
  const held = pane.top - dropped;
  const here = held < 0 ? { top: 0, skip: 0 } : { top: held, skip: pane.skip ?? 0 };
  const match = pane.match === undefined ? undefined : pane.match - dropped;
  const seen = seenText(text, { ...pane, ...here, match });
  const { top, skip = 0 } = seen.pane;
  const bottom = bottomPlace(seen.text, pane, width, height);
  const place = tail.following ? bottom : earlier({ top, skip }, bottom);
  return { ...seen, pane: { ...seen.pane, ...place } };
}

function statusText({ palette, now }: Painting, state: AppState, tail: TailState): string {
  const age = tail.updatedAt === undefined ? '' : ` ${ageText(now() - tail.updatedAt)}`;
  if (tail.error !== undefined) {
    return palette.ink('warn', ` ${troubleText(tail.error)}${age === '' ? '' : `: data${age} old`} `);
  }
  if (tail.status === 'ended') return palette.ink('done', ' ended ');
  if (tail.status !== 'following') return palette.ink('busy', ` ${tail.status} `);
  return tail.following
    ? palette.ink('good', ` following${age} `)
    : palette.ink('waiting', ` paused: ${keyFor(state, 'tail.follow')} follows${age} `);
}

/** @param seen Lines that are seen when others are left out. */
function extentText(
  { palette }: Painting,
  state: AppState,
  view: TailView,
  tail: TailState,
  seen: number | undefined,
): string {
  const { text } = tail;
  if (view.files.every((_, file) => (text.extent(file)?.endByte ?? 0) === 0)) return '';
  const { olderBytes, lineCount: count } = text;
  const older =
    olderBytes === 0 ? '' : `, ${keyFor(state, 'tail.older')} loads older (${bytesText(olderBytes)})`;
  const words =
    tail.error === undefined ? filesNote(view.files, tail.files) : describeError(tail.error).message;
  const note = words === undefined ? '' : ` ${visible(words)},`;
  const of = seen === undefined ? '' : `${countText(seen)} of `;
  return palette.ink('dim', `${note} ${of}${countText(count)} ${count === 1 ? 'line' : 'lines'}${older} `);
}

function nothing({ palette }: Painting, state: AppState, view: TailView, width: number): string[] {
  const tail = state.tails[tailKey(view)];
  const { files } = view;
  const room = Math.max(20, width - 10);
  if (tail?.error !== undefined) {
    const { message, next } = describeError(tail.error);
    return [
      ...wrapWords(visible(message), room).map((line) => palette.ink('error', line)),
      ...(next === undefined ? [] : wrapWords(`try: ${next}`, room).map((line) => palette.ink('info', line))),
    ];
  }
  if (tail === undefined || tail.status === 'opening') return [palette.ink('busy', 'opening …')];
  const isSingle = files.length === 1;
  const lines = files.flatMap((file, number) => {
    const { status, note, error } = tail.files[number] ?? { status: 'opening', note: undefined };
    const name = isSingle ? file.path : distinctName(files, number);
    const words = error === undefined ? note : describeError(error).message;
    const isEmpty = status !== 'waiting' && error === undefined;
    const lead = isEmpty ? `${name} is empty` : isSingle ? undefined : name;
    const text = [lead, words].filter((part) => part !== undefined).join(': ');
    return wrapWords(visible(text), room).map((line) =>
      palette.ink(status === 'ended' ? 'done' : 'waiting', line),
    );
  });
  const others = tail.status === 'waiting' ? undefined : nextStreams(files);
  if (others === undefined) return lines;
  const names = [...new Set(others.map(baseName))].join(' and ');
  return [...lines, palette.ink('dim', `${keyFor(state, 'tail.swap')} shows ${names}`)];
}
