/**
 * The vocabulary of the registry: what a resource is, as data. One entry of this shape feeds the list screen,
 * the menu, the help, the `:` prompt, completion, `azb get` and the CSV.
 */

/** An entity as the service sends it: wire names, times and durations as ISO 8601 text. */
export type Entity = object;

/** Names the place that a list lives in, such as the job of its tasks. Absent members mean "the account". */
export interface Scope {
  readonly pool?: string;
  readonly node?: string;
  readonly job?: string;
  readonly task?: string;
  /** Of what belongs to an account other than the one in use, such as its quotas. */
  readonly account?: string;
  readonly subscription?: string;
  readonly application?: string;
  readonly container?: string;
  /** What the names of blobs begin with, up to and including a slash. */
  readonly folder?: string;
  /** Of a search in the output of tasks: the file's path, what is looked for, and the ids of the tasks, when not all that failed. */
  readonly file?: string;
  readonly pattern?: string;
  readonly among?: string;
}

/** The members of a scope, outermost first. */
export type ScopePart = keyof Scope;

/** A typed value of a cell. It is formatted at the edge; sorting and change marks work on this value. */
export type Cell = string | number | boolean | Date | undefined;

/** How a cell is shown: `age` and `time` hold a Date, `bytes` and `number` a number, `duration` milliseconds. */
export type CellKind = 'text' | 'state' | 'number' | 'bytes' | 'age' | 'time' | 'duration' | 'flag';

/** What a row or a cell says at a glance; the skin gives each a colour. */
export type Tone = 'plain' | 'good' | 'busy' | 'waiting' | 'bad' | 'done' | 'dim';

export interface Column<T extends Entity> {
  readonly id: string;
  readonly title: string;
  readonly kind: CellKind;
  value(row: T): Cell;
  /** The service's properties that `value` reads, for `$select`. */
  readonly select: readonly string[];
  /** The property by which the service compares it, where that is the number which `value` gives. */
  readonly odata?: string;
  /** Shown only in the wide table and in `-o wide`. */
  readonly wide?: boolean;
  /** Cells at most; the widest value decides below that. Default 40. */
  readonly maxWidth?: number;
  /** Reads what the service tells only when asked about one row (`Resource.details`): lists of scripts do without. */
  readonly detail?: boolean;
  /** The letter that sorts by this column together with shift. */
  readonly sortKey?: string;
  tone?(row: T): Tone | undefined;
}

/** A filter on the keys `0`-`4`. `odata` is sent to the service; `test` decides for rows already held. */
export interface StateFilter<T extends Entity> {
  readonly label: string;
  readonly odata?: string;
  /** Goes by what the service tells only when asked about one row (`Resource.details`). */
  readonly detail?: boolean;
  test(row: T): boolean;
}

/** What the adapter is asked to do to one resource; data, so that it can be listed, retried and printed. */
export interface Operation {
  readonly resource: string;
  readonly action: string;
  readonly scope: Scope;
  readonly id: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** A choice inside a confirmation, such as what happens to the tasks of a job that is disabled. */
export interface ActionOption {
  readonly argument: string;
  readonly label: string;
  readonly values: readonly string[];
}

/** So many things of a kind that a row tells of; undefined where it does not tell. */
export interface Content<T extends Entity> {
  readonly noun: string;
  of(row: T): number | undefined;
}

/** Something to do with the row under the cursor or with the marked rows. */
export interface Action<T extends Entity> {
  /** The action's name for the adapter; with the resource's name it is the key table's id: `pools.resize`. */
  readonly name: string;
  /** The verb for menus and questions: "delete", "stop resize". */
  readonly label: string;
  /** What the button of its form says, where that is more than the label, or depends on what was chosen. */
  readonly button?: string | ((values: FormValues) => string);
  /** Changes something that cannot be taken back: asks first, and is gone in read-only mode. */
  readonly dangerous: boolean;
  /** Asks before it is done although it is not dangerous, because it has options. */
  readonly options?: readonly ActionOption[];
  /** It is done to one row at a time: what is asked for is about that one. */
  readonly alone?: boolean;
  /** Several targets are one operation, with their ids in this argument, `most` at a time. */
  readonly together?: { readonly argument: string; readonly most: number };
  /** Asked in a form before it is done; the values become the operation's arguments. */
  fields?(row: T): readonly Field[];
  /** What the form's values mean for the service, when that is more than arguments. `now` in milliseconds. */
  resolve?(values: FormValues, now: number): Pick<Operation, 'args'> & { readonly name: string };
  /** The service answers, and this says what, in a line. */
  answer?(answer: Entity): string;
  /** The row is gone as soon as the service has accepted it, and not after a while in a state of its own. */
  readonly removes?: boolean;
  /** A sentence that the question adds, such as what else goes with the resource. */
  readonly warning?: string;
  /** What stands in a row and is touched with it, to be counted in the question: `running task`. */
  readonly within?: readonly Content<T>[];
  /** The equivalent `az batch` line. */
  az?(id: string, scope: Scope, args: Readonly<Record<string, unknown>>): string;
  /** Why it cannot be done to this row now, or undefined when it can. */
  disabled?(row: T): string | undefined;
}

/** A form field, as data: the form screen draws it, checks it and collects the values. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly kind: 'text' | 'secret' | 'integer' | 'flag' | 'choice' | 'image' | 'reference' | 'path';
  readonly initial: string;
  /** Taken from this machine when the form opens: the user's public key for ssh. */
  readonly prefill?: 'publicKey';
  readonly hint?: string;
  readonly choices?: readonly string[];
  /** For `reference`: the resource whose live ids are offered. */
  readonly resource?: string;
  /** Where those ids are looked for, when other values decide about it. */
  pickFrom?(values: FormValues): Scope;
  /** May stay empty: that there is only one to pick does not mean that it is wanted. */
  readonly optional?: boolean;
  /** Shown only when this holds of the other values. */
  shown?(values: FormValues): boolean;
  /** What is wrong with the value, or undefined. */
  check?(value: string, values: FormValues): string | undefined;
}

export type FormValues = Readonly<Record<string, string>>;

/** A form that makes a resource. The fields give one body; a body may stand for many, as a range of tasks does. */
export interface Form {
  readonly title: string;
  fields(scope: Scope): readonly Field[];
  /** What is said when the service has accepted it: `was created` unless told. */
  readonly accepted?: string;
  /**
   * Values that the fields begin with, from the rows of the list that the form was opened on. Where these come later than
   * the form, `typed` is what its fields hold by then.
   */
  begin?(rows: readonly Entity[], typed: FormValues): FormValues;
  /** The request body that the values stand for. What is edited in $EDITOR is this. */
  template(values: FormValues): Entity;
  /** How many bodies the template stands for, without building them. Default 1. */
  count?(template: Entity): number;
  /** The values that stand for an existing body; undefined when the fields cannot show what it says. */
  read?(body: Entity): FormValues | undefined;
  /** Dotted names of the body's properties that the fields decide about; the rest of a copied body stays. */
  readonly decides?: readonly string[] | ((values: FormValues) => readonly string[]);
  /** The bodies to add, made lazily: a range of a million tasks never exists at once. */
  expand?(template: Entity): Iterable<Entity>;
  /** What is wrong with an edited body, or undefined. The service has the last word. */
  check?(template: Entity): string | undefined;
}

/** A property that can still be changed after the resource was made. */
export interface EditableProperty {
  readonly name: string;
  /** What it does and what it may hold, in a line; shown as a comment above it in $EDITOR. */
  readonly hint: string;
  /** YAML of the property with a value, offered as a comment where it is not set. */
  readonly example?: string;
  /** Said after a change of it: what else has to be done for it to have effect. */
  readonly after?: string;
  /** Sent when the property was taken out; without it the service cannot take the property away. */
  readonly cleared?: unknown;
}

/** Where `enter` leads from a row. */
export interface Drill {
  readonly resource: string;
  readonly scope: Scope;
  /** What the list is filtered by, as it is typed behind `/`. */
  readonly filter?: string;
  /** Label of the state filter that is on. */
  readonly stateFilter?: string;
}

/** Where an entity lives: the resource that it is one of, and its place. */
export interface Home {
  readonly resource: string;
  readonly scope: Scope;
  readonly id: string;
}

export interface Resource<T extends Entity> {
  /** Plural, as in `:pools` and `azb get pools`. */
  readonly name: string;
  readonly singular: string;
  readonly aliases: readonly string[];
  /** What a list of it needs to know, one entry a way: tasks need a job; files a job and a task, or a pool and a node. */
  readonly scopes: readonly (readonly ScopePart[])[];
  /** The member of a scope that an id of this resource fills, for drill-down. */
  readonly part?: ScopePart;
  readonly help: string;
  /** Lists of the same that need no place, for whoever names none. */
  readonly everywhere?: readonly string[];
  idOf(row: T): string;
  readonly columns: readonly Column<T>[];
  /** Column and direction of the first view; without it the service's order stays. */
  readonly defaultSort?: { readonly column: string; readonly descending: boolean };
  /** Properties that actions, tones and drill-down read besides those of the columns. */
  readonly alsoSelect: readonly string[];
  /** `$select` is understood by the service for this list. */
  readonly selectable: boolean;
  /** No filter in the service's own language goes with this list. */
  readonly unfiltered?: boolean;
  /** The list can be brought up to date by asking for `stateTransitionTime ge …` only. */
  readonly deltas: boolean;
  /**
   * With deltas: a state says not all that changes, such as how many tasks run on a node. Short lists are therefore read
   * whole at every look, long ones a page from time to time.
   */
  readonly drifts?: boolean;
  /** The service lists it in the order of ids and filters by comparing them: any part of it can be asked for. */
  readonly seekable?: boolean;
  /** What is asked about each row on the screen besides the list. */
  readonly details?: 'taskCounts';
  /** Which of the service's counts tells how many rows there are. */
  readonly counted?: 'taskcounts' | 'nodecounts';
  /** Its times are by the clock of this machine, and not by the service's. */
  readonly isLocal?: boolean;
  /** Seconds between two looks at least, for lists that cost the service much or hardly ever change. */
  readonly refreshEvery?: number;
  /** It is read once, because that takes many requests: it can be stopped, and is read again when the user says so. */
  readonly once?: boolean;
  /** Where a row lives, when the list is not that place: there it is described, changed, tailed and watched. */
  home?(row: T): Home;
  /** Key `0` shows everything; the filters stand on `1`, `2`, … */
  readonly stateFilters: readonly StateFilter<T>[];
  tone(row: T): Tone;
  faulty(row: T): boolean;
  drill?(row: T, scope: Scope): Drill | undefined;
  readonly actions: readonly Action<T>[];
  readonly form?: Form;
  /** What `e` opens in $EDITOR, in this order; absent where the service lets nothing be changed. */
  readonly editable?: readonly EditableProperty[];
  /** The properties of an entity that a copy of it is made with; the rest belongs to the service. */
  readonly copied?: readonly string[];
  /** What describe shows of one, where its properties say less than its line. */
  described?(row: T): Entity;
  /** The small ruled table that describe shows above the properties. */
  readonly summary?: 'nodeCounts' | 'taskCounts';
}

/** Fixes the row type of an entry while it is written down. */
export function defineResource<T extends Entity>(resource: Resource<T>): Resource<T> {
  return resource;
}
