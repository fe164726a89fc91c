import type { Entity, Form, FormValues } from '../../resources/types.ts';

type Properties = Readonly<Record<string, unknown>>;

/** The body that a form stands for: what its fields say, on top of the body that is copied, if there is one. */
export function bodyOf(form: Form, values: FormValues, base: Entity | undefined): Entity {
  const template = form.template(values);
  if (base === undefined) return template;
  // What the fields do not decide is as it was, even where the form has a default for it.
  const { decides = [] } = form;
  const decided = typeof decides === 'function' ? decides(values) : decides;
  return merged(template as Properties, without(base as Properties, decided));
}

/** A copy without the properties of these dotted names, and without objects that this leaves empty. */
function without(body: Properties, names: readonly string[]): Properties {
  const entries = Object.entries(body).flatMap(([name, value]): [string, unknown][] => {
    if (names.includes(name)) return [];
    const inner = names.filter((other) => other.startsWith(`${name}.`));
    if (inner.length === 0 || !isPlain(value)) return [[name, value]];
    const rest = without(
      value,
      inner.map((other) => other.slice(name.length + 1)),
    );
    return Object.keys(rest).length === 0 ? [] : [[name, rest]];
  });
  return Object.fromEntries(entries);
}

function merged(under: Properties, over: Properties): Properties {
  const out: Record<string, unknown> = { ...over };
  for (const [name, value] of Object.entries(under)) {
    const upper = over[name];
    out[name] = upper === undefined ? value : isPlain(value) && isPlain(upper) ? merged(value, upper) : upper;
  }
  return out;
}

function isPlain(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The longest duration that the service knows stands for "no limit", which is also what leaving it out means. */
const NO_LIMIT = /^P10675199DT2H48M5\.4775807S$/;

/** The body that makes another resource like this one: what an add takes, under another id. */
export function copyOf(entity: Entity, copied: readonly string[], id: string): Entity {
  const body: Record<string, unknown> = {};
  for (const name of copied) {
    const value = limited((entity as Properties)[name]);
    if (value !== undefined && value !== null) body[name] = value;
  }
  // The service refuses targets beside a formula, though it shows both.
  if (body.enableAutoScale === true) {
    delete body.targetDedicatedNodes;
    delete body.targetLowPriorityNodes;
  }
  return { ...body, id };
}

function limited(value: unknown): unknown {
  if (!isPlain(value)) return typeof value === 'string' && NO_LIMIT.test(value) ? undefined : value;
  const members = Object.entries(value)
    .map(([name, member]) => [name, limited(member)] as const)
    .filter(([, member]) => member !== undefined);
  return Object.fromEntries(members);
}

/** The service's limit for an id. */
const LONGEST_ID = 64;

/** An id like this one that is not taken: `mypool-copy`, `mypool-copy2` … */
export function freeId(id: string, isTaken: (id: string) => boolean): string {
  const stem = id.replace(/-copy\d*$/, '');
  for (let number = 1; ; number += 1) {
    const ending = `-copy${number === 1 ? '' : number}`;
    const candidate = stem.slice(0, LONGEST_ID - ending.length) + ending;
    if (!isTaken(candidate)) return candidate;
  }
}
