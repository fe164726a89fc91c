import type { Route } from './routes/route.ts';
import { type OperationId, ROUTES } from './routes.ts';

/** An operation found for a path, with the values of the path's parameters, decoded. */
export interface Match {
  readonly route: Route & { readonly id: OperationId };
  readonly parameters: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly route: Route & { readonly id: OperationId };
  readonly segments: readonly RegExp[];
  readonly names: readonly string[];
}

const PATTERNS: readonly Pattern[] = ROUTES.map((route) => {
  const segments = route.path.split('/').slice(1);
  return { route, segments: segments.map(toPattern), names: segments.flatMap(namesIn) };
});

function namesIn(segment: string): string[] {
  return [...segment.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '');
}

function toPattern(segment: string): RegExp {
  const literal = segment.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '(.+?)');
  return new RegExp(`^${literal}$`, 'i');
}

/**
 * Finds the operation for a method and a raw path. The path is split at its slashes before anything is
 * decoded, since clients send the slashes of a file's path encoded; a file's path may also come with plain
 * slashes, and then takes all segments left.
 * @returns the match, or the methods that the path does support (empty: no such path).
 * @throws URIError for a malformed percent escape.
 */
export function matchRoute(method: string, rawPath: string): Match | { readonly allowed: readonly string[] } {
  const segments = rawPath.replace(/\/+$/, '').split('/').slice(1);
  const allowed: string[] = [];
  for (const pattern of PATTERNS) {
    const parameters = matchSegments(pattern, segments);
    if (parameters === undefined) continue;
    if (pattern.route.method === method) return { route: pattern.route, parameters };
    allowed.push(pattern.route.method);
  }
  return { allowed };
}

function matchSegments(pattern: Pattern, raw: readonly string[]): Record<string, string> | undefined {
  const takesRest = pattern.names.at(-1) === 'filePath';
  const count = pattern.segments.length;
  if (raw.length < count || (raw.length > count && !takesRest)) return undefined;
  const segments = [...raw.slice(0, count - 1), raw.slice(count - 1).join('/')];
  const values: string[] = [];
  for (const [index, expected] of pattern.segments.entries()) {
    const found = expected.exec(segments[index] ?? '');
    if (found === null) return undefined;
    values.push(...found.slice(1));
  }
  return Object.fromEntries(
    pattern.names.map((name, index) => [name, decodeURIComponent(values[index] ?? '')]),
  );
}
