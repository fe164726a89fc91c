const PARTS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of exactly `width` cells, filled to an eighth of a cell. */
export function progressBar(done: number, total: number, width: number): string {
  const share = total <= 0 ? 0 : Math.min(1, Math.max(0, done / total));
  const eighths = Math.floor(share * Math.max(0, width) * 8);
  const bar = '█'.repeat(Math.floor(eighths / 8)) + (PARTS[eighths % 8] ?? '');
  return bar.padEnd(Math.max(0, width), '░');
}
