import type { AzbError } from '../../lib/errors.ts';
import { equals } from '../../lib/odata.ts';
import type { PoolNodeCounts } from '../../resources/node-count.ts';
import { resourceNamed } from '../../resources/registry.ts';
import type { TextView } from '../state.ts';
import { DocumentPlace } from './document-place.ts';
import type { Source, SourceContext } from './source.ts';

type SummaryRow = Readonly<Record<string, string | number>>;

/** Keeps one entity up to date for describe and YAML. */
export class DocumentSource implements Source {
  readonly key: string;
  readonly #context: SourceContext;
  readonly #view: TextView;
  readonly #place: DocumentPlace;

  constructor(context: SourceContext, view: TextView) {
    this.#context = context;
    this.#view = view;
    this.#place = new DocumentPlace(context, view);
    this.key = this.#place.key;
  }

  async tick(signal: AbortSignal): Promise<void> {
    const { resource, scope, id } = this.#view;
    const entity = await this.#context.port.get(resource, scope, id, signal);
    const held = this.#place.get().entity;
    const same = held !== undefined && JSON.stringify(held) === JSON.stringify(entity);
    const summary = await this.#summary(signal);
    this.#place.ready({ entity: same ? held : entity, summary });
  }

  failed(error: AzbError): void {
    this.#place.failed(error);
  }

  forget(): void {
    this.#place.forget();
  }

  async #summary(signal: AbortSignal): Promise<readonly SummaryRow[] | undefined> {
    const kind = resourceNamed(this.#view.resource).summary;
    if (kind === 'taskCounts') return this.#taskCounts(signal);
    return kind === 'nodeCounts' ? this.#nodeCounts(signal) : undefined;
  }

  async #taskCounts(signal: AbortSignal): Promise<readonly SummaryRow[]> {
    const counts = await this.#context.port.taskCounts(this.#view.id, signal);
    return [
      { count: 'tasks', ...counts.tasks },
      { count: 'slots', ...counts.slots },
    ];
  }

  async #nodeCounts(signal: AbortSignal): Promise<readonly SummaryRow[] | undefined> {
    const filter = equals('poolId', this.#view.id);
    const page = await this.#context.port.listPage('nodecounts', {}, { filter, pageSize: 1 }, signal);
    const counts = page.rows[0] as PoolNodeCounts | undefined;
    if (counts === undefined) return undefined;
    return [
      { nodes: 'dedicated', ...presentStates(counts.dedicated, counts) },
      { nodes: 'Spot', ...presentStates(counts.lowPriority, counts) },
    ];
  }
}

const ALWAYS_SHOWN = ['idle', 'running', 'starting', 'total'];

/** The counts of the states that some node is in, and of the most common ones. */
function presentStates(part: PoolNodeCounts['dedicated'], whole: PoolNodeCounts): Record<string, number> {
  const states = Object.keys({ ...whole.dedicated, ...whole.lowPriority }).filter(
    (state) =>
      ALWAYS_SHOWN.includes(state) || (whole.dedicated?.[state] ?? 0) + (whole.lowPriority?.[state] ?? 0) > 0,
  );
  return Object.fromEntries(states.map((state) => [state, part?.[state] ?? 0]));
}
