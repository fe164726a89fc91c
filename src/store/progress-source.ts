import type { AzbError } from '../lib/errors.ts';
import { jobProgress } from '../resources/progress.ts';
import { EMPTY_DOCUMENT } from './document-source.ts';
import { JobRuns } from './job-runs.ts';
import { documentKey } from './keys-of.ts';
import { failureStatus, type Source, type SourceContext } from './source.ts';
import type { DocumentState, TextView } from './state.ts';

/** Milliseconds between two looks: each is four requests. */
const INTERVAL = 10_000;

/** Keeps up to date how far a job is. */
export class ProgressSource implements Source {
  readonly key: string;
  readonly #context: SourceContext;
  readonly #runs: JobRuns;

  constructor(context: SourceContext, view: TextView) {
    this.#context = context;
    this.#runs = new JobRuns(context.port, view.id);
    this.key = documentKey(view);
  }

  async tick(signal: AbortSignal): Promise<void> {
    const entity = jobProgress(await this.#runs.look(signal));
    const { now } = this.#context;
    this.#set({ status: 'ready', entity, summary: undefined, updatedAt: now(), error: undefined });
  }

  failed(error: AzbError): void {
    this.#set({ status: failureStatus(error), error });
  }

  forget(): void {
    this.#context.store.setState(({ documents: { [this.key]: _, ...documents } }) => ({ documents }));
  }

  interval(): number {
    return Math.max(INTERVAL, this.#context.store.getState().session.refreshSeconds * 1000);
  }

  #set(change: Partial<DocumentState>): void {
    const { store } = this.#context;
    store.setState((state) => {
      const document = { ...(state.documents[this.key] ?? EMPTY_DOCUMENT), ...change };
      return { documents: { ...state.documents, [this.key]: document } };
    });
  }
}
