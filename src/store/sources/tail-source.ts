import { type AzbError, ServiceError } from '../../lib/errors.ts';
import type { Task } from '../../resources/task.ts';
import { tailKey, tailSourceKey } from '../keys-of.ts';
import type { TailState, TailStatus, TailView } from '../state.ts';
import { TailText } from '../tail-text.ts';
import type { Source, SourceContext } from './source.ts';
import { type AskTask, TailFile } from './tail-file.ts';

const TOO_MANY = 429;
const MEGABYTE = 1024 * 1024;
/** Files that are looked at in a second; more of them are looked at less often. */
const FILES_A_SECOND = 8;

/** Follows the ends of one file or of several, whose lines become one text. */
export class TailSource implements Source {
  readonly key: string;
  readonly #stateKey: string;
  readonly #context: SourceContext;
  readonly #text: TailText;
  readonly #files: readonly TailFile[];

  constructor(context: SourceContext, view: TailView) {
    this.#context = context;
    const limit = () => context.store.getState().session.tailMegabytes * MEGABYTE;
    const text = new TailText(view.files.length, limit);
    this.#text = text;
    this.#files = view.files.map((file, number) => new TailFile(context, file, number, text));
    this.key = tailSourceKey(view);
    this.#stateKey = tailKey(view);
  }

  async tick(signal: AbortSignal): Promise<void> {
    const askTask = this.#asker();
    const now = this.#context.now();
    const due = this.#files.filter((file) => file.isDue(now));
    const files = due.length === 0 ? this.#files : due;
    const looks = await Promise.allSettled(files.map((file) => file.look(askTask, signal)));
    signal.throwIfAborted();
    // In the files' order, whichever answer came first.
    for (const [at, look] of looks.entries()) if (look.status === 'fulfilled') files[at]?.take(look.value);
    const reads = await Promise.allSettled(
      looks.map((look, at) => (look.status === 'fulfilled' ? files[at]?.readOn(look.value, signal) : look)),
    );
    signal.throwIfAborted();
    const failures = [...looks, ...reads].map((result, at) => ({ result, file: files[at % files.length] }));
    for (const { result, file } of failures) {
      if (result.status === 'rejected') this.#note(file, result.reason);
    }
    this.#set({ updatedAt: this.#context.now(), error: undefined });
  }

  async more(signal: AbortSignal, reach?: number): Promise<void> {
    const most = Math.floor(this.#text.limit / this.#files.length);
    // From the last to the first, because each piece is put on top.
    for (const file of [...this.#files].reverse()) {
      await file.more(reach === undefined ? undefined : Math.min(reach, most), signal, () => this.#set({}));
    }
  }

  failed(error: AzbError): void {
    this.#set({ error }, 'failed');
  }

  forget(): void {
    const key = this.#stateKey;
    this.#context.store.setState(({ tails: { [key]: _, ...tails } }) => ({ tails }));
  }

  interval(): number {
    const shortest = Math.min(...this.#files.map((file) => file.interval));
    return shortest * Math.ceil(this.#files.length / FILES_A_SECOND);
  }

  /** One file among several may be gone: the others go on. That the service is busy is no matter of one file. */
  #note(file: TailFile | undefined, error: unknown): void {
    const isRefused = error instanceof ServiceError && error.status < 500 && error.status !== TOO_MANY;
    if (!isRefused || this.#files.length === 1) throw error;
    file?.failed(error);
    if (this.#files.every(({ state }) => state.status === 'failed')) throw error;
  }

  #asker(): AskTask {
    const asked = new Map<string, Promise<Task>>();
    return (job, task, signal) => {
      const key = `${job}|${task}`;
      const answer =
        asked.get(key) ?? (this.#context.port.get('tasks', { job }, task, signal) as Promise<Task>);
      asked.set(key, answer);
      return answer;
    };
  }

  #set(change: Partial<TailState>, status?: TailStatus): void {
    this.#context.store.setState(({ tails }) => {
      const before = tails[this.#stateKey];
      const files = this.#files.map((file) => file.state);
      const tail = {
        marks: [],
        following: true,
        updatedAt: undefined,
        error: undefined,
        ...before,
        text: this.#text,
        files,
        status: status ?? statusOf(files.map((file) => file.status)),
        ...change,
      };
      return { tails: { ...tails, [this.#stateKey]: tail } };
    });
  }
}

/** Of all files together: they wait, or have ended, when each of them does. */
function statusOf(statuses: readonly TailStatus[]): TailStatus {
  const [first = 'opening'] = statuses;
  if (statuses.every((status) => status === first)) return first;
  const isOver = statuses.every((status) => status === 'ended' || status === 'failed');
  return isOver ? 'ended' : 'following';
}
