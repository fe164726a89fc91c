import { UsageError } from '../../lib/errors.ts';
import { visible } from '../../lib/sanitise.ts';
import { jobCost } from '../../resources/cost.ts';
import { jobProgress } from '../../resources/progress.ts';
import { progressText } from '../../resources/progress-text.ts';
import { JobRuns } from '../../store/sources/job-runs.ts';
import type { Arguments } from '../command-line.ts';
import type { ShellContext } from './context.ts';

/** Cells of a line where nobody knows how wide the reader is. */
const USUAL_WIDTH = 100;

/** `azb progress`: prints how far a job is, once. */
export async function progress(args: Arguments, context: ShellContext): Promise<number> {
  const [job = ''] = args.operands;
  const format = args.text('output') ?? 'text';
  if (format !== 'text' && format !== 'json') {
    throw new UsageError(`-o ${format} is no format of progress`, { next: '-o text or -o json' });
  }
  const found = jobProgress(await new JobRuns(await context.connect(), job).look(context.signal));
  const { prices } = context.configuration.settings;
  const cost = jobCost(found, prices);
  const text =
    format === 'json'
      ? `${JSON.stringify(cost === undefined ? found : { ...found, cost }, null, 2)}\n`
      : progressText(found, context.stdout.columns ?? USUAL_WIDTH, prices)
          .map((line) => `${visible(line.text)}\n`)
          .join('');
  await context.stdout.write(text);
  return 0;
}
