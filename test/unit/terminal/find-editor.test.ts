import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { findEditor } from '../../../src/terminal/find-editor.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A folder with these programs in it, and one file that cannot be run. */
function programs(...names: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'azb-path-'));
  folders.push(folder);
  for (const name of names) writeFileSync(join(folder, name), '', { mode: 0o755 });
  writeFileSync(join(folder, 'editor'), '', { mode: 0o644 });
  return folder;
}

test('the user says which editor', () => {
  const PATH = programs('vi');
  expect(findEditor({ PATH, EDITOR: 'code --wait' })).toBe('code --wait');
  expect(findEditor({ PATH, EDITOR: 'code --wait', VISUAL: 'emacs' })).toBe('emacs');
  expect(findEditor({ PATH, EDITOR: 'ed', VISUAL: ' ' })).toBe('ed');
});

test('without a word it is one that is installed', () => {
  const PATH = [programs('nano'), '', programs('vi')].join(delimiter);
  expect(findEditor({ PATH })).toBe('vi');
  expect(findEditor({ PATH: programs('nano'), EDITOR: '' })).toBe('nano');
  expect(findEditor({ PATH: programs('emacs') })).toBeUndefined();
  expect(findEditor({})).toBeUndefined();
});
