/** A table of Markdown; a `|` in a cell would end the cell. */
export function table(heads, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)];
}

/** Text as code; what it is given holds no backtick next to another. */
export const code = (text) => `\`${text}\``;
