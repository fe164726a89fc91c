import { type Instant, toETag } from '../clock.ts';
import { header, type StorageRequest } from './request.ts';
import { badHeader, notDone, StorageFault } from './storage-fault.ts';

/** What conditions are about. */
export interface Versioned {
  readonly modified: Instant;
}

/** An entity tag as the storage service writes it. */
export function quotedTag({ modified }: Versioned): string {
  return `"${toETag(modified)}"`;
}

/** Why a condition is not met. */
type Unmet = 'changed' | 'unchanged' | undefined;

/**
 * Checks the conditions of a request that reads. The answer is true when the client has it already, which is no
 * failure. @throws StorageFault
 */
export function isKnownToClient(request: StorageRequest, found: Versioned): boolean {
  const unmet = unmetCondition(request, found);
  if (unmet === 'changed') throw new StorageFault('ConditionNotMet');
  return unmet === 'unchanged';
}

/** Checks the conditions of a request that writes. @throws StorageFault */
export function checkConditions(request: StorageRequest, found: Versioned | undefined): void {
  if (found !== undefined && header(request, 'if-none-match') === '*')
    throw new StorageFault('BlobAlreadyExists');
  if (unmetCondition(request, found) !== undefined) throw new StorageFault('ConditionNotMet');
}

/** Checks the conditions on the source of a copy. @throws StorageFault */
export function checkSourceConditions(request: StorageRequest, found: Versioned): void {
  if (unmetCondition(request, found, 'x-ms-source-') !== undefined) throw new StorageFault('ConditionNotMet');
}

function unmetCondition(request: StorageRequest, found: Versioned | undefined, prefix = ''): Unmet {
  if (header(request, `x-ms-${prefix === '' ? '' : 'source-'}if-tags`) !== undefined)
    throw notDone('conditions on tags');
  const match = header(request, `${prefix}if-match`);
  const noneMatch = header(request, `${prefix}if-none-match`);
  const unmodifiedSince = timeIn(request, `${prefix}if-unmodified-since`);
  const modifiedSince = timeIn(request, `${prefix}if-modified-since`);
  // HTTP tells times in whole seconds.
  const modified = found === undefined ? undefined : Math.floor(found.modified / 1e6) * 1000;
  if (match !== undefined && !isNamed(match, found)) return 'changed';
  if (unmodifiedSince !== undefined && (modified ?? 0) > unmodifiedSince) return 'changed';
  if (noneMatch !== undefined) return isNamed(noneMatch, found) ? 'unchanged' : undefined;
  if (modifiedSince !== undefined && modified !== undefined && modified <= modifiedSince) return 'unchanged';
  return undefined;
}

/** Whether a header names the version that there is; some clients leave out the quotes. */
function isNamed(tags: string, found: Versioned | undefined): boolean {
  if (found === undefined) return false;
  if (tags.trim() === '*') return true;
  const wanted = quotedTag(found);
  return tags.split(',').some((tag) => tag.trim() === wanted || `"${tag.trim()}"` === wanted);
}

function timeIn(request: StorageRequest, name: string): number | undefined {
  const text = header(request, name);
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw badHeader(name, text);
  return time;
}
