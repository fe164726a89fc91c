// Draws what a terminal shows as SVG: text in runs of one look, frames as lines, so that neither depends on
// how wide or high the viewer's font is.
const CELL = { width: 8.4, height: 18 };
const PADDING = 14;
const BAR = 30;
const FONT = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace";
const THEMES = {
  dark: { background: '#0d1117', text: '#c9d1d9', bar: '#161b22', title: '#8b949e' },
  light: { background: '#ffffff', text: '#1f2328', bar: '#eaeef2', title: '#57606a' },
};

/** The directions that a frame's character reaches: left, right, up, down. */
const FRAME = {
  '─': 'lr',
  '│': 'ud',
  '┌': 'rd',
  '┐': 'ld',
  '└': 'ru',
  '┘': 'lu',
  '╭': 'rd',
  '╮': 'ld',
  '╰': 'ru',
  '╯': 'lu',
  '├': 'rud',
  '┤': 'lud',
  '┬': 'lrd',
  '┴': 'lru',
  '┼': 'lrud',
};

/**
 * `cell(x, y)` gives glyph and look as the tests' terminal does; `title` stands in the window's bar; `theme` is
 * that of the terminal, `dark` or `light`.
 */
export function screenSvg({ columns, rows, cell, title, theme = 'dark' }) {
  const colours = THEMES[theme];
  const width = round(columns * CELL.width + 2 * PADDING);
  const height = round(rows * CELL.height + 2 * PADDING + BAR);
  const body = [];
  for (let y = 0; y < rows; y += 1) {
    const cells = Array.from({ length: columns }, (_, x) => drawnCell(cell(x, y), colours));
    body.push(...backgrounds(cells, y, colours), ...frames(cells, y), ...texts(cells, y, colours));
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="10" fill="${colours.background}"/>`,
    `<path d="M0 ${BAR}V10a10 10 0 0 1 10-10H${width - 10}a10 10 0 0 1 10 10V${BAR}Z" fill="${colours.bar}"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map(
      (fill, index) => `<circle cx="${20 + index * 20}" cy="${BAR / 2}" r="6" fill="${fill}"/>`,
    ),
    `<g font-family="${FONT}" font-size="14" fill="${colours.text}" xml:space="preserve">`,
    `<text x="${width / 2}" y="${BAR / 2 + 5}" text-anchor="middle" fill="${colours.title}">${escaped(title)}</text>`,
    `<g transform="translate(${PADDING} ${BAR + PADDING})">`,
    ...body,
    '</g></g></svg>',
    '',
  ].join('\n');
}

function drawnCell({ glyph, fg, bg, bold, dim, italic, underline, inverse }, colours) {
  const own = { fg: fg === 'default' ? colours.text : fg, bg: bg === 'default' ? colours.background : bg };
  const seen = inverse ? { fg: own.bg, bg: own.fg } : own;
  return { glyph, ...seen, look: [bold && 'b', dim && 'd', italic && 'i', underline && 'u'].join('') };
}

function backgrounds(cells, y, { background }) {
  const coloured = (cell) => (cell.bg === background ? undefined : cell.bg);
  return runs(cells, coloured).map(
    ({ start, end, key }) =>
      `<rect x="${left(start)}" y="${round(y * CELL.height)}" width="${left(end - start)}" height="${CELL.height}" fill="${key}"/>`,
  );
}

/** Lines from the middle of a cell to its edges; a straight run is one line. */
function frames(cells, y) {
  const middle = round((y + 0.5) * CELL.height);
  return runs(cells, (cell) => (cell.glyph in FRAME ? cell.fg : undefined)).map(({ start, end, key }) => {
    const moves = [];
    for (let x = start; x < end; x += 1) {
      const reach = FRAME[cells[x].glyph];
      const centre = round((x + 0.5) * CELL.width);
      if (reach.includes('u')) moves.push(`M${centre} ${middle}V${round(y * CELL.height)}`);
      if (reach.includes('d')) moves.push(`M${centre} ${middle}V${round((y + 1) * CELL.height)}`);
      if (reach.includes('l')) moves.push(`M${left(x)} ${middle}H${centre}`);
      if (reach.includes('r')) moves.push(`M${centre} ${middle}H${left(x + 1)}`);
    }
    return `<path d="${joined(moves)}" stroke="${key}" stroke-width="1.2" fill="none"/>`;
  });
}

/** Neighbouring level pieces as one. */
function joined(moves) {
  return moves
    .join('')
    .replace(/(?<=H)([\d.]+)M\1 [\d.]+H/g, '')
    .replace(/(M[\d.]+ [\d.]+)((?:H[\d.]+)+)/g, '$1$2');
}

function texts(cells, y, { text: usual }) {
  const key = (cell) =>
    cell.glyph.trim() === '' || cell.glyph in FRAME ? undefined : `${cell.fg} ${cell.look}`;
  const baseline = round((y + 0.72) * CELL.height);
  return runs(cells, key, (cell) => cell.glyph === ' ').map(({ start, end, key: style }) => {
    const [fill, look = ''] = style.split(' ');
    const text = cells
      .slice(start, end)
      .map((cell) => cell.glyph)
      .join('');
    const attributes = [
      `x="${left(start)}" y="${baseline}" textLength="${left(end - start)}" lengthAdjust="spacingAndGlyphs"`,
      fill === usual ? '' : ` fill="${fill}"`,
      look.includes('b') ? ' font-weight="bold"' : '',
      look.includes('i') ? ' font-style="italic"' : '',
      look.includes('u') ? ' text-decoration="underline"' : '',
      look.includes('d') ? ' opacity="0.6"' : '',
    ];
    return `<text ${attributes.join('')}>${escaped(text)}</text>`;
  });
}

/** Runs of cells with one key, those without left out; single cells that `joins` accepts may lie in between. */
function runs(cells, keyOf, joins = () => false) {
  const found = [];
  for (let x = 0; x < cells.length; x += 1) {
    const key = keyOf(cells[x]);
    if (key === undefined) continue;
    const last = found.at(-1);
    const gap = last === undefined ? Number.POSITIVE_INFINITY : x - last.end;
    if (last?.key === key && (gap === 0 || (gap === 1 && joins(cells[x - 1])))) last.end = x + 1;
    else found.push({ start: x, end: x + 1, key });
  }
  return found;
}

function left(x) {
  return round(x * CELL.width);
}

function round(number) {
  return Math.round(number * 100) / 100;
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`);
}
