import type { AzbError } from '../../lib/errors.ts';
import type { Pace } from '../../resources/pace.ts';
import { paceOfLate } from '../../resources/progress.ts';
import type { Finding } from '../../resources/why.ts';
import { explainJob, type JobFacts } from '../../resources/why-job.ts';
import { explainPool } from '../../resources/why-pool.ts';
import { explainTask } from '../../resources/why-task.ts';
import type { TextView } from '../state.ts';
import { CompletedRuns } from './completed-runs.ts';
import { costlyInterval, DocumentPlace } from './document-place.ts';
import { beganAt } from './job-runs.ts';
import type { Source, SourceContext } from './source.ts';
import { jobFacts, poolFacts, taskFacts } from './why-facts.ts';

/** The answer to "why does it not run?", as a document. */
export interface Explanation {
  /** `task mytask1 of job myjob: active`. */
  readonly about: string;
  readonly findings: readonly Finding[];
}

/** Milliseconds between two looks: each is about half a dozen requests. */
const INTERVAL = 5000;

/** Keeps the reasons up to date why a job or a task does not run, or a pool has no nodes that do. */
export class WhySource implements Source {
  readonly key: string;
  readonly #context: SourceContext;
  readonly #place: DocumentPlace;
  readonly #view: TextView;
  readonly #runs: CompletedRuns;
  #pace: Pace | undefined;

  constructor(context: SourceContext, view: TextView) {
    this.#context = context;
    this.#view = view;
    this.#place = new DocumentPlace(context, view);
    const { port, now } = context;
    this.#runs = new CompletedRuns(port, view.id, () => port.now?.() ?? now());
    this.key = this.#place.key;
  }

  async tick(signal: AbortSignal): Promise<void> {
    if (this.#view.resource === 'jobs') await this.#explainJob(signal);
    else this.#show(await this.#explain(signal));
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

  async #explain(signal: AbortSignal): Promise<Explanation> {
    const { port } = this.#context;
    const { resource, scope, id } = this.#view;
    if (resource === 'tasks') {
      const facts = await taskFacts(port, scope.job ?? '', id, signal);
      return { about: `task ${id} of job ${scope.job}: ${facts.task.state}`, findings: explainTask(facts) };
    }
    const facts = await poolFacts(port, id, signal);
    const { state, allocationState } = facts.pool;
    return { about: `pool ${id}: ${state}, ${allocationState}`, findings: explainPool(facts) };
  }

  /** The pace of a large job takes a few requests at first, mostly one: the reasons do not wait for it. */
  async #explainJob(signal: AbortSignal): Promise<void> {
    const facts = await jobFacts(this.#context.port, this.#view.id, signal);
    this.#showJob(facts);
    const { active, running, completed } = facts.tasks;
    if (active + running === 0 || completed === 0) return;
    const runs = await this.#runs.look(completed, signal);
    this.#pace = paceOfLate({ ...runs, began: beganAt(facts.job) });
    this.#showJob(facts);
  }

  #showJob(facts: JobFacts): void {
    const findings = explainJob({ ...facts, pace: this.#pace });
    this.#show({ about: `job ${this.#view.id}: ${facts.job.state}`, findings });
  }

  #show(entity: Explanation): void {
    this.#place.ready({ entity, summary: undefined });
  }
}
