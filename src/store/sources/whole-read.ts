import type { Page } from '../../api/port.ts';
import type { Entity } from '../../resources/types.ts';

/**
 * A list that is being read whole, page by page. What was read stays when a page fails: the next try goes on from
 * there, so that a service that refuses every other request does not keep a long list from ever being read.
 */
export class WholeRead {
  /** What the service filters by. */
  readonly filter: string | undefined;
  /** Its pages are shown as they come. */
  readonly isFresh: boolean;
  /** Our clock at its beginning. */
  readonly begunAt: number;
  readonly rows: Entity[] = [];
  /** What the service's last page is to be told with. */
  note: string | undefined;
  /** How far it is, where the pages tell. */
  progress: string | undefined;
  #next: string | undefined;
  #serverTime: number | undefined;

  constructor(filter: string | undefined, isFresh: boolean, begunAt: number) {
    this.filter = filter;
    this.isFresh = isFresh;
    this.begunAt = begunAt;
  }

  /** The service's clock when the first page was asked for: what changed since then may be missing. */
  get serverTime(): number | undefined {
    return this.#serverTime;
  }

  /** There is more to read. */
  get isMore(): boolean {
    return this.#serverTime === undefined || this.#next !== undefined;
  }

  /** Reads one page; says whether it was the first. */
  async turn(page: (next: string | undefined) => Promise<Page>): Promise<boolean> {
    const { rows, next, serverTime, note, progress } = await page(this.#next);
    this.note = note;
    this.progress = progress;
    const isFirst = this.#serverTime === undefined;
    this.rows.push(...rows);
    this.#next = next;
    this.#serverTime ??= serverTime;
    return isFirst;
  }
}
