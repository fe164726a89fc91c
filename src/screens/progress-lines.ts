import type { Palette } from '../components/palette.ts';
import { visible } from '../lib/sanitise.ts';
import type { JobProgress } from '../resources/progress.ts';
import { progressText } from '../resources/progress-text.ts';

/** How far a job is, in lines for a pane of that width. */
export function progressLines(palette: Palette, progress: JobProgress, width: number): string[] {
  return progressText(progress, width).map(({ kind, text }) => palette.ink(kind, visible(text)));
}
