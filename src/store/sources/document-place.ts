import type { AzbError } from '../../lib/errors.ts';
import { documentKey } from '../keys-of.ts';
import type { DocumentState, TextView } from '../state.ts';
import { failureStatus, type SourceContext } from './source.ts';

/** A document of which nothing is known yet. */
const EMPTY_DOCUMENT: DocumentState = {
  status: 'loading',
  entity: undefined,
  summary: undefined,
  updatedAt: undefined,
  error: undefined,
};

/** Where the document of a view is in the store, for the source that keeps it up to date. */
export class DocumentPlace {
  readonly key: string;
  readonly #context: SourceContext;

  constructor(context: SourceContext, view: TextView) {
    this.#context = context;
    this.key = documentKey(view);
  }

  get(): DocumentState {
    return this.#context.store.getState().documents[this.key] ?? EMPTY_DOCUMENT;
  }

  /** What was found by a look that has just ended. */
  ready(found: Pick<DocumentState, 'entity' | 'summary'>): void {
    this.#set({ status: 'ready', ...found, updatedAt: this.#context.now(), error: undefined });
  }

  /** A look came to nothing; what was found before stays. */
  failed(error: AzbError): void {
    this.#set({ status: failureStatus(error), error });
  }

  forget(): void {
    this.#context.store.setState(({ documents: { [this.key]: _, ...documents } }) => ({ documents }));
  }

  #set(change: Partial<DocumentState>): void {
    const document = { ...this.get(), ...change };
    this.#context.store.setState((state) => ({ documents: { ...state.documents, [this.key]: document } }));
  }
}

/** Milliseconds between two looks that cost more than a list's: at least `least`, and never less than the user wants. */
export function costlyInterval({ store }: SourceContext, least: number): number {
  return Math.max(least, store.getState().session.refreshSeconds * 1000);
}
