import { parseDocument } from 'yaml';
import { UsageError } from '../../lib/errors.ts';
import type { Entity } from '../../resources/types.ts';

/** The body that a YAML text stands for. Throws a UsageError that names the line of a mistake. */
export function readBody(text: string): Entity {
  const document = parseDocument(text);
  const [mistake] = document.errors;
  const next = 'edit the body again; what you wrote is kept';
  if (mistake !== undefined) {
    const line = mistake.linePos?.[0].line;
    const place = line === undefined ? '' : ` in line ${line}`;
    const what = (mistake.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:$/, '');
    throw new UsageError(`the YAML is wrong${place}: ${what}`, { next });
  }
  const body: unknown = document.toJS();
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new UsageError('the YAML is no object with properties', { next });
  }
  return body;
}
