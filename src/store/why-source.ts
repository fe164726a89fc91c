import type { AzbError } from '../lib/errors.ts';
import { type Pace, paceOf } from '../resources/pace.ts';
import type { Finding } from '../resources/why.ts';
import { explainJob, type JobFacts } from '../resources/why-job.ts';
import { explainPool } from '../resources/why-pool.ts';
import { explainTask } from '../resources/why-task.ts';
import { costlyInterval, DocumentPlace } from './document-place.ts';
import type { Source, SourceContext } from './source.ts';
import type { TextView } from './state.ts';
import { jobFacts, poolFacts, taskFacts } from './why-facts.ts';

/** The answer to "why does it not run?", as a document. */
export interface Explanation {
  /** `task mytask1 of job myjob: active`. */
  readonly about: string;
  readonly findings: readonly Finding[];
}

/** Milliseconds between two looks: each is half a dozen requests. */
const INTERVAL = 5000;
/** Looks that the pace of a job is told from: a minute or so. */
const LOOKS = 13;

/** How many tasks had ended when a job was looked at. */
interface Look {
  readonly at: number;
  readonly ended: number;
}

/** Keeps the reasons up to date why a job or a task does not run, or a pool has no nodes that do. */
export class WhySource implements Source {
  readonly key: string;
  readonly #context: SourceContext;
  readonly #place: DocumentPlace;
  readonly #view: TextView;
  #looks: readonly Look[] = [];

  constructor(context: SourceContext, view: TextView) {
    this.#context = context;
    this.#view = view;
    this.#place = new DocumentPlace(context, view);
    this.key = this.#place.key;
  }

  async tick(signal: AbortSignal): Promise<void> {
    const entity = await this.#explain(signal);
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

  async #explain(signal: AbortSignal): Promise<Explanation> {
    const { port } = this.#context;
    const { resource, scope, id } = this.#view;
    if (resource === 'tasks') {
      const facts = await taskFacts(port, scope.job ?? '', id, signal);
      return { about: `task ${id} of job ${scope.job}: ${facts.task.state}`, findings: explainTask(facts) };
    }
    if (resource === 'pools') {
      const facts = await poolFacts(port, id, signal);
      const { state, allocationState } = facts.pool;
      return { about: `pool ${id}: ${state}, ${allocationState}`, findings: explainPool(facts) };
    }
    const facts = await jobFacts(port, id, signal);
    const findings = explainJob({ ...facts, pace: this.#pace(facts) });
    return { about: `job ${id}: ${facts.job.state}`, findings };
  }

  /** What changed since the first of the last looks; tasks that were deleted meanwhile make that worthless. */
  #pace({ tasks }: JobFacts): Pace | undefined {
    const look = { at: this.#context.now(), ended: tasks.completed };
    const before = this.#looks.filter(({ ended }) => ended <= look.ended);
    this.#looks = [...before, look].slice(-LOOKS);
    const [first] = before;
    if (first === undefined || look.at <= first.at) return undefined;
    return paceOf(look.ended - first.ended, look.at - first.at);
  }
}
