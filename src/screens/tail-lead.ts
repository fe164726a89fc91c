import type { FileRef } from '../api/port.ts';
import type { Palette, Role } from '../components/palette.ts';
import type { PaneLead } from '../components/pane-lines.ts';
import { visible } from '../lib/sanitise.ts';
import { shortId } from '../lib/short-id.ts';
import { paint } from '../lib/style.ts';
import { cellWidth } from '../lib/width.ts';
import { baseName, distinctName, hasNames, hasOwners, ownerOf } from '../store/tail-names.ts';
import type { Label, TailText } from '../store/tail-text.ts';

/** Cells of an id in front of a line at most. */
const LONGEST = 20;
/** Colours that are easy to tell apart in every skin; further ones are these, inverted. */
const OWNER_ROLES: readonly Role[] = ['title', 'good', 'busy', 'waiting', 'label', 'bad', 'value', 'done'];
const SHORT_NAMES: Readonly<Record<string, string>> = { 'stdout.txt': 'out', 'stderr.txt': 'err' };

/** What stands in front of the lines of a tail: when they arrived, and of which file they are. */
export function tailLead(
  palette: Palette,
  files: readonly FileRef[],
  text: TailText,
  hasTimes: boolean,
): PaneLead | undefined {
  const tags = fileTags(files);
  const widths = tags.map((tag) => cellWidth(tag.owner + tag.name) + 1);
  const tagWidth = files.length > 1 ? Math.max(...widths) : 0;
  const width = tagWidth + (hasTimes ? 9 : 0);
  if (width === 0) return undefined;
  const inks = files.length > 1 ? tagInks(palette, files) : [];
  return {
    width,
    of: (index) => {
      const place = text.place(index);
      if (place.label !== undefined) return palette.ink('border', '─'.repeat(width));
      const time = hasTimes ? `${palette.ink('dim', arrivalText(place.at))} ` : '';
      const pad = ' '.repeat(Math.max(0, tagWidth - (widths[place.file] ?? 0)));
      const tag = inks[place.file];
      return tag === undefined ? time : `${time}${tag}${pad}${palette.ink('border', '│')}`;
    },
  };
}

/** What tells the files apart, in as few cells as can be, for what is copied and saved. */
export function plainTag(files: readonly FileRef[], number: number): string {
  const tag = fileTags(files)[number];
  return files.length < 2 || tag === undefined ? '' : `${tag.owner}${tag.name}│`;
}

/** A label in words. */
export function labelText(files: readonly FileRef[], label: Label, isFirst: boolean): string {
  const name = visible(distinctName(files, label.file));
  switch (label.kind) {
    case 'before':
      return isFirst ? `what was there before, in no known order: first ${name}` : `then ${name}`;
    case 'older':
      return isFirst ? `older lines, in no known order: first ${name}` : `then ${name}`;
    case 'live':
      return 'from here on in the order of arrival';
    case 'again':
      return `${name} begins anew`;
  }
}

interface Tag {
  readonly owner: string;
  /** With a space in front where there is an owner. */
  readonly name: string;
}

function fileTags(files: readonly FileRef[]): Tag[] {
  const isMany = hasOwners(files);
  const isMixed = hasNames(files);
  return files.map((file) => {
    const base = baseName(file);
    return {
      owner: isMany ? ending(visible(shortId(ownerOf(file)))) : '',
      name: isMixed ? `${isMany ? ' ' : ''}${SHORT_NAMES[base] ?? ending(visible(base))}` : '',
    };
  });
}

function tagInks(palette: Palette, files: readonly FileRef[]): string[] {
  const owners = [...new Set(files.map(ownerOf))];
  return fileTags(files).map(({ owner, name }, number) => {
    const file = files[number] as FileRef;
    const at = owners.indexOf(ownerOf(file));
    const role = OWNER_ROLES[at % OWNER_ROLES.length] ?? 'plain';
    const isInverse = at >= OWNER_ROLES.length;
    const style = { ...palette.style(role), ...(isInverse ? { inverse: true } : {}) };
    const ownerInk = owner === '' ? '' : paint(owner, style, palette.depth);
    return ownerInk + palette.ink(baseName(file) === 'stderr.txt' ? 'bad' : 'plain', name);
  });
}

/** Ids of many tasks differ at their end. */
function ending(text: string): string {
  return text.length <= LONGEST ? text : `…${text.slice(1 - LONGEST)}`;
}

/** Time of day in UTC, as the service tells times; blank for lines that were there before. */
function arrivalText(at: number): string {
  return at === 0 ? ' '.repeat(8) : new Date(at).toISOString().slice(11, 19);
}
