/**
 * Characters that a terminal acts on or that hide what is written: C0 and C1 controls, soft hyphen, Arabic
 * letter mark, Mongolian vowel separator, zero-width space and direction marks, separators, bidi embeddings,
 * overrides and isolates, invisible operators, byte-order mark, interlinear annotations, lone surrogates, tag
 * characters, and U+E000, which marks the blocks of a frame. The joiners U+200C and U+200D stay: emoji and
 * several scripts are written with them.
 */
const UNSAFE =
  /[\0-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ue000\ufeff\ufff9-\ufffb\p{Cs}\u{e0000}-\u{e007f}]/u;

const UNSAFE_RUN = new RegExp(`\\r?\\n|${UNSAFE.source}`, 'gu');

/** Format characters whose loss changes nothing that a reader of plain text could see. */
const DROPPED = /[\u00ad\u200b\u2060-\u2064\ufeff\u{e0000}-\u{e007f}]/u;

/** SGR of a sane length. The limit keeps a hostile line from costing more to parse than to read. */
const SGR = /^\x1b\[[\d;:]{0,64}m/;

/** A complete escape sequence other than SGR: CSI, a string (OSC, DCS, SOS, PM, APC) with its end, or a short one. */
const ESCAPE =
  /^\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|[\]PX^_][^\x07\x1b\x9c]{0,4096}(?:\x07|\x1b\\|\x9c)|[ -/]{1,8}[0-~]|[0-OQ-WYZ\\`-~])/;

/** Longest sequence that {@link ESCAPE} can match, so that a line of many ESCs is read in linear time. */
const MAX_SEQUENCE = 4104;

/** What is shown for one unsafe character (or a line break). */
function visibleCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\t') return ' ';
  if (character.endsWith('\n')) return '⏎';
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '␡';
  if (code === 0x85 || code === 0x2028 || code === 0x2029) return '⏎';
  return DROPPED.test(character) ? '' : '�';
}

/**
 * Makes any string from the service safe to put in a cell: whatever a terminal would act on is shown as a
 * symbol (`␛`, `⏎`, `�`), a tab is a space, invisible fillers are dropped. The result holds no control
 * character at all.
 */
export function visible(text: string): string {
  return UNSAFE.test(text) ? text.replace(UNSAFE_RUN, visibleCharacter) : text;
}

/**
 * As {@link visible}, for one line of a task's own output: SGR colours are kept and closed at the end of the
 * line, complete sequences of any other kind (cursor moves, titles, clipboard writes) are dropped, and a
 * stray ESC becomes `␛`. A carriage return at the end of the line is dropped.
 */
export function visibleKeepingColour(line: string): string {
  if (!UNSAFE.test(line)) return line;
  const body = line.replace(/\r?\n?$/, '');
  if (!body.includes('\x1b')) return visible(body);
  let out = '';
  let coloured = false;
  let at = 0;
  for (let start = body.indexOf('\x1b'); start !== -1; start = body.indexOf('\x1b', at)) {
    out += visible(body.slice(at, start));
    const rest = body.slice(start, start + MAX_SEQUENCE);
    const sgr = SGR.exec(rest)?.[0];
    const sequence = sgr ?? ESCAPE.exec(rest)?.[0];
    if (sgr !== undefined) {
      out += sgr;
      coloured = true;
    } else if (sequence === undefined) {
      out += '␛';
    }
    at = start + (sequence?.length ?? 1);
  }
  return out + visible(body.slice(at)) + (coloured ? '\x1b[0m' : '');
}
