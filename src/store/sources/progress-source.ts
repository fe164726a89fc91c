import type { AzbError } from '../../lib/errors.ts';
import { jobProgress } from '../../resources/progress.ts';
import type { TextView } from '../state.ts';
import { costlyInterval, DocumentPlace } from './document-place.ts';
import { JobRuns } from './job-runs.ts';
import type { Source, SourceContext } from './source.ts';

/** Milliseconds between two looks: each is four requests. */
const INTERVAL = 10_000;

/** Keeps up to date how far a job is. */
export class ProgressSource implements Source {
  readonly key: string;
  readonly #context: SourceContext;
  readonly #place: DocumentPlace;
  readonly #runs: JobRuns;

  constructor(context: SourceContext, view: TextView) {
    this.#context = context;
    this.#runs = new JobRuns(context.port, view.id);
    this.#place = new DocumentPlace(context, view);
    this.key = this.#place.key;
  }

  async tick(signal: AbortSignal): Promise<void> {
    const entity = jobProgress(await this.#runs.look(signal));
    this.#place.ready({ entity, summary: undefined });
  }

  failed(error: AzbError): void {
    this.#place.failed(error);
  }

  forget(): void {
    this.#place.forget();
  }

  interval(): number {
    return costlyInterval(this.#context, INTERVAL);
  }
}
