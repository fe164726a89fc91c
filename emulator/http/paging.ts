import { BatchFault } from '../errors.ts';
import type { Reply } from './reply.ts';
import type { BatchRequest } from './request.ts';

/** The largest page that lists give, and what they give when not asked for less. */
const LARGEST_PAGE = 1000;

/** How many items the client wants at most. `largest` is below the usual 1000 for nodecounts. */
export function pageSize(request: BatchRequest, largest = LARGEST_PAGE): number {
  const text = request.query.get('maxresults');
  if (text === undefined) return largest;
  const refuse = (reason: string) =>
    new BatchFault('InvalidQueryParameterValue', {
      QueryParameterName: 'maxresults',
      QueryParameterValue: text,
      Reason: reason,
    });
  if (!/^[+-]?\d{1,9}$/.test(text)) throw refuse('The value is not a valid integer');
  const size = Number(text);
  if (size < 1) throw refuse('MaxResults cannot be less than 1');
  if (size > largest) throw refuse(`MaxResults cannot be more than ${largest}`);
  return size;
}

/** Where the page before this one ended: the sort key of its last item. Undefined on the first page. */
export function resumeKey(request: BatchRequest): string | undefined {
  const token = request.query.get('$skiptoken');
  if (token === undefined) return undefined;
  const opaque = /^WATV2:([\w-]*):1\$1$/.exec(token)?.[1];
  if (opaque === undefined) {
    throw new BatchFault('InvalidQueryParameterValue', {
      QueryParameterName: '$skiptoken',
      QueryParameterValue: token,
      Reason: 'The continuation token is not one of this service',
    });
  }
  return Buffer.from(opaque, 'base64url').toString('utf8');
}

/** A page of a list. `next` is the sort key of its last item when more may follow. */
export function pageReply(
  request: BatchRequest,
  metadata: string,
  value: readonly object[],
  next: string | undefined,
): Reply {
  return {
    status: 200,
    json: {
      'odata.metadata': `${request.baseUrl}/$metadata#${metadata}`,
      value,
      ...(next === undefined ? {} : { 'odata.nextLink': nextLink(request, next) }),
    },
  };
}

/** The client fetches this as it is and signs its path and query, so the query keeps its spelling. */
function nextLink(request: BatchRequest, key: string): string {
  const [path = '', query = ''] = request.rawUrl.split('?', 2);
  const kept = query.split('&').filter((part) => part !== '' && !/^(\$|%24)skiptoken=/i.test(part));
  const token = `WATV2:${Buffer.from(key, 'utf8').toString('base64url')}:1$1`;
  return `${request.baseUrl}${path}?${[...kept, `$skiptoken=${token}`].join('&')}`;
}
