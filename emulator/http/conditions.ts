import { fromTimestamp } from '../clock.ts';
import { BatchFault } from '../errors.ts';
import type { Versioned } from './reply.ts';
import type { BatchRequest } from './request.ts';

/** What a request's conditional headers come to for an entity that exists. */
export type ConditionOutcome = 'proceed' | 'notModified';

/**
 * Judges the conditional headers. If-Match outranks If-Unmodified-Since, and If-None-Match outranks
 * If-Modified-Since; both pairs together are refused.
 * @throws BatchFault 412 when an update's (or a positive) condition fails, 400 for a combination not allowed.
 * @see https://learn.microsoft.com/rest/api/batchservice/specifying-conditional-headers-for-batch-service-operations
 */
export function checkConditions(request: BatchRequest, entity: Partial<Versioned>): ConditionOutcome {
  const { headers } = request;
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  const unmodifiedSince = headers['if-unmodified-since'];
  const modifiedSince = headers['if-modified-since'];
  const positive = ifMatch !== undefined || unmodifiedSince !== undefined;
  const negative = ifNoneMatch !== undefined || modifiedSince !== undefined;
  if (positive && negative) throw new BatchFault('MultipleConditionHeadersNotSupported');
  if (positive) {
    const holds =
      ifMatch !== undefined
        ? matches(ifMatch, entity.eTag)
        : seconds(entity.lastModified) <= headerSeconds('If-Unmodified-Since', unmodifiedSince);
    if (!holds) throw new BatchFault('ConditionNotMet');
  } else if (negative) {
    const holds =
      ifNoneMatch !== undefined
        ? !matches(ifNoneMatch, entity.eTag)
        : seconds(entity.lastModified) > headerSeconds('If-Modified-Since', modifiedSince);
    if (holds) return 'proceed';
    if (request.route.method === 'GET' || request.route.method === 'HEAD') return 'notModified';
    throw new BatchFault('ConditionNotMet');
  }
  return 'proceed';
}

function matches(header: string, eTag: string | undefined): boolean {
  return header
    .split(',')
    .map((tag) => tag.trim().replace(/^"(.*)"$/, '$1'))
    .some((tag) => tag === '*' || (eTag !== undefined && tag.toLowerCase() === eTag.toLowerCase()));
}

/** HTTP dates have whole seconds; so must what they are compared with. */
function seconds(timestamp: string | undefined): number {
  return timestamp === undefined ? 0 : Math.floor(fromTimestamp(timestamp) / 1e6);
}

function headerSeconds(name: string, value: string | undefined): number {
  const time = Date.parse(value ?? '');
  if (Number.isNaN(time)) {
    throw new BatchFault('InvalidHeaderValue', { HeaderName: name, HeaderValue: value ?? '' });
  }
  return Math.floor(time / 1000);
}
