import * as v from 'valibot';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { nearest } from '../lib/nearest.ts';
import { DEFAULT_SETTINGS, type LoadedSettings, type Settings } from './settings.ts';

const ACCOUNT = v.strictObject({
  name: v.pipe(v.string('must be the name of a Batch account'), v.minLength(1, 'must not be empty')),
  endpoint: v.pipe(
    v.string('must be an address such as acct.region.batch.azure.com'),
    v.minLength(1, 'must not be empty'),
  ),
  accessKey: v.optional(v.string('must be the key as text')),
});

/** One schema a setting, so that one bad setting costs no other. */
const SCHEMAS = {
  account: v.string('must be the name of one of the accounts'),
  accounts: v.array(ACCOUNT, 'must be a list of accounts with name and endpoint'),
  refreshSeconds: v.pipe(
    v.number('must be a number of seconds'),
    v.minValue(0.5, 'must be at least 0.5 seconds'),
    v.maxValue(3600, 'must be at most 3600 seconds'),
  ),
  readOnly: v.boolean('must be true or false'),
  headless: v.boolean('must be true or false'),
} as const;

type SettingName = keyof typeof SCHEMAS;

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SCHEMAS, name);
}

/** Reads the text of a `config.yaml`; `path` is for messages. */
export function parseSettings(text: string, path: string): LoadedSettings {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number | undefined) =>
    offset === undefined ? path : `${path}:${lines.linePos(offset).line}`;
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => `${place(error.pos[0])}: ${error.message}`);
    return { settings: DEFAULT_SETTINGS, problems };
  }
  const values: unknown = document.toJS() ?? {};
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    return {
      settings: DEFAULT_SETTINGS,
      problems: [`${place(0)}: must be settings in the form "name: value"`],
    };
  }
  return takeValid(values as Readonly<Record<string, unknown>>, document, place);
}

function takeValid(
  values: Readonly<Record<string, unknown>>,
  document: Document.Parsed,
  place: (offset: number | undefined) => string,
): LoadedSettings {
  const problems: string[] = [];
  let settings: Settings = DEFAULT_SETTINGS;
  for (const [name, value] of Object.entries(values)) {
    if (!isSettingName(name)) {
      problems.push(`${place(keyOffset(document, name))}: there is no setting ${name}${hint(name)}`);
      continue;
    }
    const result = v.safeParse(SCHEMAS[name], value);
    if (result.success) settings = { ...settings, [name]: result.output };
    else for (const issue of result.issues) problems.push(describeIssue(name, issue, document, place));
  }
  return { settings, problems };
}

function hint(name: string): string {
  const meant = nearest(name, Object.keys(SCHEMAS));
  return meant === undefined ? '' : ` (did you mean ${meant}?)`;
}

function describeIssue(
  name: SettingName,
  issue: v.BaseIssue<unknown>,
  document: Document.Parsed,
  place: (offset: number | undefined) => string,
): string {
  const path = [name, ...(issue.path ?? []).map((item) => item.key as string | number)];
  const label = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .slice(1);
  const offset =
    nodeOffset(document, path) ?? nodeOffset(document, path.slice(0, -1)) ?? keyOffset(document, name);
  return `${place(offset)}: ${label} ${explain(issue)}`;
}

function explain(issue: v.BaseIssue<unknown>): string {
  if (issue.type !== 'strict_object') return issue.message;
  return issue.expected === 'never' ? 'is not known' : 'is missing';
}

function nodeOffset(document: Document.Parsed, path: readonly (string | number)[]): number | undefined {
  const node: unknown = document.getIn(path, true);
  return rangeStart(node);
}

function keyOffset(document: Document.Parsed, name: string): number | undefined {
  const contents: unknown = document.contents;
  if (typeof contents !== 'object' || contents === null || !('items' in contents)) return undefined;
  const items = contents.items as readonly { key?: { value?: unknown } }[];
  return rangeStart(items.find(({ key }) => key?.value === name)?.key);
}

function rangeStart(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  return Array.isArray(node.range) ? Number(node.range[0]) : undefined;
}
