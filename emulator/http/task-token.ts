import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a task's token opens: the operations on the job that the task belongs to. */
export interface TokenScope {
  readonly jobId: string;
  /** Tells the job from a later one of the same id. */
  readonly jobNumber: number;
}

/** A token that only the holder of the account's key could have made, and that says what it opens. */
export function createTaskToken(key: string, { jobId, jobNumber }: TokenScope): string {
  const content = Buffer.from(JSON.stringify([jobId, jobNumber])).toString('base64url');
  return `${content}.${signatureOf(key, content).toString('base64url')}`;
}

/** What the token opens; undefined when it was not made with this key. */
export function readTaskToken(key: string, token: string): TokenScope | undefined {
  const [content = '', signature = '', ...rest] = token.split('.');
  const given = Buffer.from(signature, 'base64url');
  const right = signatureOf(key, content);
  if (rest.length > 0 || given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  const [jobId, jobNumber] = JSON.parse(Buffer.from(content, 'base64url').toString()) as [string, number];
  return { jobId, jobNumber };
}

function signatureOf(key: string, content: string): Buffer {
  return createHmac('sha256', Buffer.from(key, 'base64')).update(`task token\n${content}`).digest();
}
