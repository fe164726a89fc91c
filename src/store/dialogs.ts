import type { AzbError } from '../lib/errors.ts';
import type { Action, Entity, Field, FormValues, Operation, Scope } from '../resources/types.ts';

/** Asks before something is done. Cancel has the focus when it opens. */
export interface ConfirmDialog {
  readonly kind: 'confirm';
  readonly title: string;
  /** What stands in the targets, counted. */
  readonly facts: readonly string[];
  /** Warnings. */
  readonly lines: readonly string[];
  /** Exactly what will be touched. */
  readonly targets: readonly string[];
  /** Number of the first target shown, where they are more than fit. */
  readonly first?: number;
  /** Targets that the filter hides. */
  readonly hidden: number;
  readonly options: readonly {
    readonly argument: string;
    readonly label: string;
    readonly values: readonly string[];
  }[];
  readonly chosen: Readonly<Record<string, string>>;
  /** 0 is Cancel, 1 the action, from 2 the options. */
  readonly focus: number;
  readonly verb: string;
  readonly operations: readonly Operation[];
}

/** Something that a field may hold. */
export interface Choice {
  readonly value: string;
  /** What is said beside it, such as how large it is. */
  readonly about?: string;
}

/** The list of what a field may hold, over the form. */
export interface FieldPicker {
  readonly field: string;
  readonly title: string;
  readonly query: string;
  readonly choices: readonly Choice[];
  readonly cursor: number;
  readonly status: 'loading' | 'ready' | 'failed';
  readonly problem: AzbError | undefined;
  /** Accepted before the choices were there: the choice is taken when they come. */
  readonly isAccepted?: boolean;
  /** Stops asking for the choices. */
  readonly abort: AbortController;
}

/** A form that makes or changes a resource. Nothing that was typed is lost while it is open. */
export interface FormDialog {
  readonly kind: 'form';
  readonly title: string;
  readonly resource: string;
  readonly scope: Scope;
  /** The action whose arguments are asked for; undefined when something new is made. */
  readonly action:
    | {
        readonly name: string;
        readonly id: string;
        readonly ids?: readonly string[];
        /** What the button that does it says. */
        readonly verb: NonNullable<Action<Entity>['button']>;
      }
    | undefined;
  /** Said above the fields. */
  readonly note?: string | undefined;
  /** What is done with the values instead of asking the service to make or change something. */
  readonly work?: ((values: FormValues) => Promise<void>) | undefined;
  /** The body that is copied: what the fields do not decide comes from it. */
  readonly base?: Entity | undefined;
  readonly fields: readonly Field[];
  readonly values: FormValues;
  /** Number of the field or button that has the focus: the fields, then the buttons. */
  readonly focus: number;
  /** Cursor in the focused text field, in characters. */
  readonly caret: number;
  /** Nothing was done in the focused field since it got the focus. */
  readonly fresh: boolean;
  /** The body as edited in $EDITOR; when set it is sent instead of the fields. */
  readonly yaml: string | undefined;
  /** The body that the form began with, where fields cannot hold it: until it is edited nothing was typed. */
  readonly copied?: string;
  /** Fields whose content was checked and found wrong are marked from the first change on. */
  readonly touched: ReadonlySet<string>;
  readonly error: AzbError | undefined;
  readonly sending: boolean;
  /** Leaving was asked for once; what was typed is given up the second time. */
  readonly leaving?: boolean;
  readonly picker: FieldPicker | undefined;
}

/** What one of many operations failed of. */
export interface Failure {
  readonly id: string;
  readonly reason: string;
  /** The next step, where there is one. */
  readonly next?: string | undefined;
}

/** Many operations under way, or just ended with failures. */
export interface BulkDialog {
  readonly kind: 'bulk';
  readonly title: string;
  readonly total: number;
  readonly done: number;
  readonly failures: readonly Failure[];
  /** Number of the first failure shown. */
  readonly first?: number | undefined;
  readonly state: 'running' | 'cancelled' | 'ended';
  /** Our clock, in milliseconds. */
  readonly startedAt: number;
  /** Milliseconds from the start to the latest progress. */
  readonly elapsed?: number;
  /** What `done` and `total` count: things unless told. */
  readonly measure?: 'bytes' | undefined;
  /** Tries again what failed, and only that; absent where that is not known. */
  readonly again?: (() => Promise<void>) | undefined;
  /** Stops the work after the requests that are under way. */
  readonly abort: AbortController;
}

/** A line of a panel; plain unless told. */
export interface PanelLine {
  readonly text: string;
  readonly role?: 'good' | 'error' | 'warn' | 'info' | 'dim' | 'heading';
}

export interface PanelButton {
  readonly label: string;
  /** Changes something in the account. */
  readonly danger?: boolean;
  /** Absent for the button that only closes the panel. */
  readonly work?: () => Promise<void>;
}

/** Lines and buttons: a difference to be confirmed, or what a dry run found. */
export interface PanelDialog {
  readonly kind: 'panel';
  readonly title: string;
  readonly lines: readonly PanelLine[];
  /** Number of the first line shown. */
  readonly first?: number;
  readonly buttons: readonly PanelButton[];
  readonly focus: number;
  readonly sending: boolean;
  readonly error: AzbError | undefined;
}

export type Overlay = ConfirmDialog | FormDialog | BulkDialog | PanelDialog;
