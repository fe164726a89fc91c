import { compilePattern } from '../lib/pattern.ts';

type AccountPattern = { readonly test: (name: string) => boolean } | { readonly problem: string };

/**
 * What a pattern of account names means: a glob (`prod*`, `team-?`) of the whole name, or a regular expression
 * between slashes that may match anywhere in it. Case does not matter.
 */
export function accountPattern(text: string): AccountPattern {
  const regex = /^\/(.+)\/$/s.exec(text)?.[1];
  try {
    return { test: compilePattern(regex ?? `^${text.split('').map(globPart).join('')}$`) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function globPart(character: string): string {
  if (character === '*') return '.*';
  if (character === '?') return '.';
  return /[\w-]/.test(character) ? character : `\\${character}`;
}
