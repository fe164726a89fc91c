import type { AccountAccess } from '../api/port.ts';
import type { LeftOut } from '../lib/local-files.ts';
import type { Dump } from '../resources/dump.ts';
import type { Notice } from './notice.ts';

/** A key for ssh of the user of this machine. */
export interface PublicKey {
  /** `ssh-ed25519 AAAA… comment`. */
  readonly text: string;
  /** The private key that goes with it. */
  readonly identityFile: string;
}

/** A file of this machine that is to be sent. */
export interface FoundFile {
  readonly path: string;
  /** Its path below the directory that was named, with slashes. */
  readonly name: string;
  readonly size: number;
  readonly contentType: string | undefined;
}

/** A file that is being written. */
export interface NewFile {
  readonly path: string;
  /** Writes bytes at a place of the file, in any order of places. */
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** Ends the writing: from now on there is a file of the name, and it is whole. */
  close(): Promise<void>;
  /** Ends the writing and removes the file. */
  discard(): Promise<void>;
}

/** What the store asks of the terminal and of the machine; the composition root provides it. */
export interface Host {
  /** Opens the text in $EDITOR and gives what was saved; undefined when nothing was changed. Throws an AzbError. */
  editText(text: string, fileName: string): string | undefined;
  /** Opens a file in $EDITOR until that ends. Throws an AzbError. */
  editFile(path: string): void;
  /** The files below the user's dump folder. */
  dumps(): readonly Dump[];
  /** Removes one of them; says whether it was there. Throws an AzbError when it cannot be removed. */
  removeDump(path: string): boolean;
  /**
   * Gives the terminal to a program until it ends, and gives its exit status. The account's key is not in its
   * environment. Throws an AzbError if it cannot start.
   */
  runProgram(command: string, args: readonly string[]): number;
  /** Runs a program without the terminal, as {@link Host.runProgram} does with it; rejects where that throws. */
  runInBackground(command: string, args: readonly string[]): Promise<number>;
  /** The user's key for ssh, if there is one in the usual place. */
  publicKey(): PublicKey | undefined;
  /** Puts the text on the user's clipboard (OSC 52, which works over SSH). */
  copy(text: string): void;
  /** Calls for the user, who may look elsewhere: rings the bell, and shows the text on their desktop if they want that. */
  ring(text: string): void;
  /** Tells the user's webhook, where there is one. Rejects with an AzbError when it was not taken. */
  post(notice: Notice): Promise<void>;
  /** Writes a file below the user's dump folder and gives its path. */
  saveFile(name: string, text: string): string;
  /** Begins a file below the user's dump folder that is written piece by piece. Rejects with an AzbError. */
  createFile(name: string): Promise<NewFile>;
  /**
   * The files that a path, a directory or a pattern names; `onLeft` hears of links that are not followed. Rejects with an
   * AzbError when there are none.
   */
  findFiles(path: string, onLeft?: (left: LeftOut) => void): Promise<readonly FoundFile[]>;
  /** The paths that a path could go on to; directories end with a slash. Rejects with an AzbError. */
  completePath(path: string): Promise<readonly string[]>;
  /** The area that the view on the screen has, in cells. */
  viewSize(): { readonly width: number; readonly height: number };
  /** The whole terminal, in cells. */
  screenSize(): { readonly width: number; readonly height: number };
  /** Draws the whole screen anew: something else may have written on it. */
  redraw(): void;
  quit(): void;
  /** Stops azb, and whatever runs with it in the shell's job, until the shell has it go on. */
  suspend(): void;
  /** Ends this session, and opens one on another account: with what opens it, or as it is configured. */
  openAccount(name: string, access?: AccountAccess): void;
}
