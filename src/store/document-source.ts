import type { AzbError } from '../lib/errors.ts';
import { equals } from '../lib/odata.ts';
import type { PoolNodeCounts } from '../resources/node-count.ts';
import { resourceNamed } from '../resources/registry.ts';
import { documentKey } from './keys-of.ts';
import { failureStatus, type Source, type SourceContext } from './source.ts';
import type { DocumentState, TextView } from './state.ts';

type SummaryRow = Readonly<Record<string, string | number>>;

/** A document of which nothing is known yet. */
export const EMPTY_DOCUMENT: DocumentState = {
  status: 'loading',
  entity: undefined,
  summary: undefined,
  updatedAt: undefined,
  error: undefined,
};

/** Keeps one entity up to date for describe and YAML. */
export class DocumentSource implements Source {
  readonly key: string;
  readonly #context: SourceContext;
  readonly #view: TextView;

  constructor(context: SourceContext, view: TextView) {
    this.#context = context;
    this.#view = view;
    this.key = documentKey(view);
  }

  async tick(signal: AbortSignal): Promise<void> {
    const { resource, scope, id } = this.#view;
    const entity = await this.#context.port.get(resource, scope, id, signal);
    const held = this.#document().entity;
    const same = held !== undefined && JSON.stringify(held) === JSON.stringify(entity);
    const summary = await this.#summary(signal);
    this.#set({
      status: 'ready',
      entity: same ? held : entity,
      summary,
      updatedAt: this.#context.now(),
      error: undefined,
    });
  }

  failed(error: AzbError): void {
    this.#set({ status: failureStatus(error), error });
  }

  forget(): void {
    this.#context.store.setState(({ documents: { [this.key]: _, ...documents } }) => ({ documents }));
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

  #document(): DocumentState {
    return this.#context.store.getState().documents[this.key] ?? EMPTY_DOCUMENT;
  }

  #set(change: Partial<DocumentState>): void {
    const document = { ...this.#document(), ...change };
    this.#context.store.setState((state) => ({ documents: { ...state.documents, [this.key]: document } }));
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
