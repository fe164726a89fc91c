import { ARM_ROUTES, type ArmRoute } from './routes.ts';

/** An operation found for a path, with the values of the path's parameters by lower-case name, decoded. */
export interface ArmMatch {
  readonly route: ArmRoute;
  readonly path: Readonly<Record<string, string>>;
}

const PATTERNS = ARM_ROUTES.map((route) => {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name.toLowerCase());
  const literal = route.path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '([^/]+)');
  return { route, names, pattern: new RegExp(`^${literal}/?$`, 'i') };
});

/**
 * Finds the operation for a method and a raw path; letters may be cased in any way, as in Azure Resource Manager.
 * @returns the match, the methods that the path does support, or undefined when there is no such path.
 */
export function matchArm(
  method: string,
  rawPath: string,
): ArmMatch | { readonly allowed: readonly string[] } | undefined {
  const allowed: string[] = [];
  for (const { route, names, pattern } of PATTERNS) {
    const found = pattern.exec(rawPath);
    if (found === null) continue;
    allowed.push(route.method);
    if (route.method !== method) continue;
    return {
      route,
      path: Object.fromEntries(names.map((name, index) => [name, decode(found[index + 1] ?? '')])),
    };
  }
  return allowed.length === 0 ? undefined : { allowed };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
