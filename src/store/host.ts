/** What the store asks of the terminal and of the machine; the composition root provides it. */
export interface Host {
  /** Opens the text in $EDITOR and gives what was saved; undefined when nothing was changed. Throws an AzbError. */
  editText(text: string, fileName: string): string | undefined;
  /** Puts the text on the user's clipboard (OSC 52, which works over SSH). */
  copy(text: string): void;
  /** Writes a file below the user's dump folder and gives its path. */
  saveFile(name: string, text: string): string;
  /** The area that the view on the screen has, in cells. */
  viewSize(): { readonly width: number; readonly height: number };
  quit(): void;
}
