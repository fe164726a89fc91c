import { RE2JS } from 're2js';

/**
 * Compiles a case-insensitive pattern for text that users type and services send: RE2 runs in linear time, so
 * no pattern can hang the screen. Throws an Error that says what is wrong with the pattern.
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  try {
    const compiled = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
    return (text) => compiled.matcher(text).find();
  } catch (error) {
    throw new Error(error instanceof Error ? worded(error.message) : 'it cannot be read');
  }
}

/** Without what the library adds to the pattern, and says of every mistake. */
function worded(message: string): string {
  return message.replace(/^error parsing regexp: /, '').replace('`(?i)', '`');
}
