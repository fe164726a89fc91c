import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Largest accepted distance between a request's date and the server's clock, in milliseconds. */
export const CLOCK_TOLERANCE_MS = 15 * 60 * 1000;

/** The headers that a shared key signs, one a line, in this order; Batch and Storage agree on them. */
export const SIGNED_HEADERS = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-md5',
  'content-type',
  'date',
  'if-modified-since',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'range',
] as const;

/** Signs `text` with an account key given in Base64; the answer is Base64 too. */
export function sign(text: string, key: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64')).update(text, 'utf8').digest('base64');
}

/** Whether two signatures are the same, in a time that does not tell where they differ. */
export function isSameSignature(given: string, computed: string): boolean {
  const left = Buffer.from(given, 'base64');
  const right = Buffer.from(computed, 'base64');
  return left.length === right.length && timingSafeEqual(left, right);
}

/** What either service says of a signature that no key makes of the text to sign. */
export function signatureMismatch(given: string, text: string): string {
  return (
    `The MAC signature found in the HTTP request '${given}' is not the same as any computed signature. ` +
    `Server used following string to sign: '${text}'.`
  );
}

/** Whether two texts of any length are the same, in a time that does not tell where they differ. */
export function isSameText(given: string, known: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(known));
}
