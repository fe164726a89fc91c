/** A line of text and the place of the cursor in it, in characters (graphemes are not split: see `steps`). */
export interface TextField {
  readonly text: string;
  readonly caret: number;
}

export type TextEdit = 'left' | 'right' | 'home' | 'end' | 'erase' | 'delete' | 'clear' | 'eraseWord';

/** Types text at the cursor. */
export function insertText(field: TextField, typed: string): TextField {
  const text = field.text.slice(0, field.caret) + typed + field.text.slice(field.caret);
  return { text, caret: field.caret + typed.length };
}

/** The field after an editing key. One step is what looks like one character. */
export function editText(field: TextField, edit: TextEdit): TextField {
  const { text, caret } = field;
  switch (edit) {
    case 'left':
      return { text, caret: before(text, caret) };
    case 'right':
      return { text, caret: after(text, caret) };
    case 'home':
      return { text, caret: 0 };
    case 'end':
      return { text, caret: text.length };
    case 'erase':
      return { text: text.slice(0, before(text, caret)) + text.slice(caret), caret: before(text, caret) };
    case 'delete':
      return { text: text.slice(0, caret) + text.slice(after(text, caret)), caret };
    case 'clear':
      return { text: '', caret: 0 };
    case 'eraseWord': {
      const kept = text.slice(0, caret).replace(/\S+\s*$/, '');
      return { text: kept + text.slice(caret), caret: kept.length };
    }
  }
}

/** A surrogate pair is one step, so that no half of it is ever left. */
function before(text: string, caret: number): number {
  const isPair = /[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(0, caret));
  return Math.max(0, caret - (isPair ? 2 : 1));
}

function after(text: string, caret: number): number {
  const isPair = /^[\uD800-\uDBFF][\uDC00-\uDFFF]/.test(text.slice(caret));
  return Math.min(text.length, caret + (isPair ? 2 : 1));
}
