import type { AccountFacts, FileRef } from '../api/port.ts';
import type { AzbError } from '../lib/errors.ts';
import type { AccountPulse } from '../resources/account-pulse.ts';
import type { Sort } from '../resources/order.ts';
import type { Entity, Scope } from '../resources/types.ts';
import type { Overlay } from './dialogs.ts';
import type { Memory, Preferences } from './preferences.ts';
import type { TailText } from './tail-text.ts';
import type { Watch } from './watches.ts';

/** Who uses azb, and how it was started. Fixed after start except for `readOnly` rules of an account. */
export interface Session {
  readonly account: AccountFacts | undefined;
  /** Why there is no account. */
  readonly credentialError: AzbError | undefined;
  readonly readOnly: boolean;
  /** Why it is, in a few words: `by --readonly`, `its name matches prod*`. */
  readonly readOnlyReason?: string | undefined;
  readonly version: string;
  readonly refreshSeconds: number;
  /** Rows of one list that are held at most. */
  readonly rowLimit: number;
  /** Megabytes of a tail that are held at most. */
  readonly tailMegabytes: number;
}

/** A list on the screen. The cursor and the marks hold ids, so that they follow the resource and not its row. */
export interface ListView {
  readonly kind: 'list';
  /** A table unless told: nodes can be shown as a map, a cell each. */
  readonly layout?: 'map' | undefined;
  readonly resource: string;
  readonly scope: Scope;
  /** Id under the cursor; undefined until rows are there. */
  readonly cursor: string | undefined;
  /** Row number of the cursor when it was last seen, to stay near when its resource goes. */
  readonly cursorRow: number;
  /**
   * What was just made: the cursor goes there as soon as it is listed, unless it is moved before. `since` (ms,
   * our clock) tells the lists that can hold it from those of before.
   */
  readonly awaited?: { readonly id: string; readonly since: number } | undefined;
  /** Number of the first line shown; in a table that is the number of its row. */
  readonly top: number;
  readonly marks: ReadonlySet<string>;
  /** Where a range of marks begins: the id that was marked last. */
  readonly anchor: string | undefined;
  readonly sort: Sort | undefined;
  readonly filter: string;
  /** 0 for all, else the number of the resource's state filter. */
  readonly stateFilter: number;
  /** OData that the service filters by, because not all rows could be held. */
  readonly pushedFilter: string | undefined;
  readonly wide: boolean;
  readonly faults: boolean;
  /** Columns panned out at the left, after the first, which stays. */
  readonly pan: number;
}

/** One entity as text: described for people, as the service's own YAML, why it does not run, or how far it is. */
export interface TextView {
  readonly kind: 'text';
  readonly format: 'describe' | 'yaml' | 'why' | 'progress';
  readonly resource: string;
  readonly scope: Scope;
  readonly id: string;
  readonly pane: PaneState;
}

/** The ends of one growing file, or of several as one text. */
export interface TailView {
  readonly kind: 'tail';
  readonly files: readonly FileRef[];
  readonly pane: PaneState;
  /** Shows when each line arrived. */
  readonly times?: boolean;
}

export interface HelpView {
  readonly kind: 'help';
  /** The view whose keys are explained. */
  readonly of: ListView | TextView | TailView | WelcomeView;
  readonly pane: PaneState;
}

/** Shown instead of a list while there is no account. */
export interface WelcomeView {
  readonly kind: 'welcome';
}

export type View = ListView | TextView | TailView | HelpView | WelcomeView;

/** How a text is shown: what is scrolled away, and what is looked for. */
export interface PaneState {
  readonly top: number;
  /** Screen rows of the first line that are scrolled away; none unless lines are wrapped. */
  readonly skip?: number | undefined;
  readonly left: number;
  readonly wrap: boolean;
  readonly full: boolean;
  readonly find: string;
  /** Lines without what is looked for are left out. */
  readonly only?: boolean | undefined;
  /** Line of the match under the eye; undefined before the first. */
  readonly match: number | undefined;
}

export type FeedStatus = 'loading' | 'ready' | 'refused' | 'unreachable';

/** What is known of one list of the service. */
export interface Feed {
  readonly status: FeedStatus;
  /** In the service's order. */
  readonly rows: readonly Entity[];
  /** Every row of the service's list is held. */
  readonly complete: boolean;
  /** Of a list too long to hold: there are rows before the first one held. */
  readonly cutStart: boolean;
  /** Of a list too long to hold: there are rows after the last one held. */
  readonly cutEnd: boolean;
  /** Rows that the service counts, where that is known without holding them. */
  readonly total: number | undefined;
  /** All rows by state, as the service counts them; undefined where it does not. */
  readonly states?: Readonly<Record<string, number>> | undefined;
  /** Our clock, in milliseconds, when the rows were last confirmed. */
  readonly updatedAt: number | undefined;
  readonly error: AzbError | undefined;
  /** Our clock when the next try begins, after a failure. */
  readonly retryAt: number | undefined;
  /** The service's clock, in milliseconds, up to which changes are known; undefined until the list is read. */
  readonly syncedTo: number | undefined;
  /** What is said beside the age, such as how far a search has come. */
  readonly note?: string | undefined;
  /** Nothing is asked any more: that its age grows is no fault. */
  readonly isAtRest?: boolean;
  /** The user stopped what fills it. */
  readonly isStopped?: boolean;
  /** The rows that were shown before this refresh, by id, for change marks; empty after the first load. */
  readonly before: ReadonlyMap<string, Entity>;
}

/** One entity on a text view. */
export interface DocumentState {
  readonly status: FeedStatus;
  readonly entity: Entity | undefined;
  /** What the small ruled table shows: a row a kind, a column a state. */
  readonly summary: readonly Readonly<Record<string, string | number>>[] | undefined;
  readonly updatedAt: number | undefined;
  readonly error: AzbError | undefined;
}

export type TailStatus = 'opening' | 'waiting' | 'following' | 'ended' | 'failed';

/** How one file of a tail is doing. */
export interface TailFileState {
  readonly status: TailStatus;
  /** A sentence about its task: "the task ended with exit code 1". */
  readonly note: string | undefined;
  readonly error: AzbError | undefined;
}

/** What is held of the ends of a tail's files. */
export interface TailState {
  /** Of all files together. */
  readonly status: TailStatus;
  /** In the order of the view's files. */
  readonly files: readonly TailFileState[];
  readonly text: TailText;
  /** Numbers (index and `dropped`) of lines that the user marked. */
  readonly marks: readonly number[];
  readonly following: boolean;
  readonly updatedAt: number | undefined;
  readonly error: AzbError | undefined;
}

export interface Flash {
  readonly level: 'info' | 'warn' | 'error';
  readonly text: string;
  /** Tells apart two flashes of the same text. */
  readonly serial: number;
}

/** The line that `:` or `/` opens. */
export interface Prompt {
  readonly kind: 'command' | 'filter';
  readonly text: string;
  /** Place in the history of what was recalled from it; undefined for what was typed. */
  readonly recalled?: number | undefined;
  readonly suggestions: readonly string[];
  readonly chosen: number;
}

export interface Totals {
  readonly pools: number;
  readonly nodes: number;
}

/** Everything that the screens show. */
export interface AppState {
  readonly session: Session;
  /** What the user's files say. */
  readonly preferences: Preferences;
  /** What is remembered from run to run. */
  readonly memory: Memory;
  /** Ids that were asked for to complete a command, by feed key, where no list of them is held. */
  readonly knownIds: Readonly<Record<string, readonly string[]>>;
  /** Feed keys of those that were asked for since the prompt was opened. */
  readonly askedIds: readonly string[];
  /** The stack of views; the last one is shown. Never empty. */
  readonly views: readonly View[];
  /** Stacks that were left, for "last view" and the history keys. */
  readonly past: readonly (readonly View[])[];
  readonly future: readonly (readonly View[])[];
  readonly feeds: Readonly<Record<string, Feed>>;
  readonly documents: Readonly<Record<string, DocumentState>>;
  readonly tails: Readonly<Record<string, TailState>>;
  readonly overlay: Overlay | undefined;
  readonly prompt: Prompt | undefined;
  readonly flash: Flash | undefined;
  readonly headerShown: boolean;
  readonly crumbsShown: boolean;
  /** Ends the way to another account that azb is on; keys that are typed meanwhile are for that account. */
  readonly opening: AbortController | undefined;
  /** Stops the asking of accounts what goes on in them; undefined while none is asked. */
  readonly asking: AbortController | undefined;
  readonly totals: Totals | undefined;
  /** What went on in accounts when they were asked, by `pulseKey`. */
  readonly pulses: Readonly<Record<string, AccountPulse>>;
  /** What rings when it is over. */
  readonly watches: readonly Watch[];
  readonly requestsPerMinute: number;
  /** Work under way; tests wait for 0. */
  readonly busy: number;
}
