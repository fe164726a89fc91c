import { stringify } from 'yaml';
import type { Palette } from '../components/palette.ts';
import { capital } from '../lib/capital.ts';
import { visible } from '../lib/sanitise.ts';
import { ageText, bytesText, durationText } from '../lib/units.ts';
import type { Entity } from '../resources/types.ts';
import { duration } from '../resources/wire.ts';

/** The entity as the service's own YAML, keys coloured. */
export function yamlLines(palette: Palette, entity: Entity): string[] {
  const text = stringify(entity, { lineWidth: 0 });
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => colouredYaml(palette, visible(line)));
}

function colouredYaml(palette: Palette, line: string): string {
  const match = /^(\s*(?:- )*)([\w@.$-]+):(.*)$/.exec(line);
  if (match === null) return palette.ink('value', line);
  const [, indent = '', key = '', value = ''] = match;
  return `${indent}${palette.ink('property', `${key}:`)}${palette.ink('value', value)}`;
}

const STATES = /state$/i;
const DURATION = /^P[\dT][\dYMWDTHS.]*$/;
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** The entity for people: readable names, ages beside times, one property a line, the longest names aligned. */
export function describeLines(palette: Palette, entity: Entity, now: number): string[] {
  return objectLines(palette, entity, '', now);
}

function objectLines(palette: Palette, object: object, indent: string, now: number): string[] {
  const entries = Object.entries(object);
  const simple = entries.filter(([, value]) => !isNested(value)).map(([key]) => visible(words(key)).length);
  const width = Math.max(0, ...simple) + 2;
  return entries.flatMap(([key, value]) => propertyLines(palette, key, value, indent, width, now));
}

function propertyLines(
  palette: Palette,
  key: string,
  value: unknown,
  indent: string,
  width: number,
  now: number,
): string[] {
  const name = visible(words(key));
  const label = palette.ink('label', `${name}:`);
  if (!isNested(value)) return [`${indent}${label}${pad(name, width)}${valueText(palette, key, value, now)}`];
  if (!Array.isArray(value))
    return [`${indent}${label}`, ...objectLines(palette, value as object, `${indent}  `, now)];
  const items = value.flatMap((item: unknown) => itemLines(palette, item, `${indent}  `, now));
  return [`${indent}${label}`, ...items];
}

function itemLines(palette: Palette, item: unknown, indent: string, now: number): string[] {
  if (typeof item !== 'object' || item === null)
    return [`${indent}- ${palette.ink('value', visible(String(item)))}`];
  const lines = objectLines(palette, item, `${indent}  `, now);
  return lines.map((line, index) => (index === 0 ? `${indent}- ${line.slice(indent.length + 2)}` : line));
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function pad(name: string, width: number): string {
  return ' '.repeat(Math.max(1, width - name.length));
}

function valueText(palette: Palette, key: string, value: unknown, now: number): string {
  if (value === null || value === undefined) return palette.ink('dim', '–');
  if (Array.isArray(value)) return palette.ink('dim', 'none');
  if (typeof value === 'object') return palette.ink('dim', 'nothing');
  const text = visible(String(value));
  if (TIME.test(text))
    return palette.ink('value', `${shortTime(text)}  (${ageText(now - Date.parse(text))} ago)`);
  const lasts = DURATION.test(text) ? duration(text) : undefined;
  if (lasts !== undefined)
    return palette.ink('value', `${text}  (${Number.isFinite(lasts) ? durationText(lasts) : 'no limit'})`);
  if (key === 'contentLength') return palette.ink('value', `${text}  (${bytesText(Number(text))})`);
  if (key === 'commandLine') return palette.ink('filter', text);
  return palette.ink(STATES.test(key) ? 'good' : 'value', text);
}

function shortTime(text: string): string {
  return `${text.slice(0, 19).replace('T', ' ')} UTC`;
}

/** `targetDedicatedNodes` → `Target Dedicated Nodes`. */
function words(key: string): string {
  const spaced = key.replace(/([a-z\d])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  return capital(spaced)
    .replace(/\bE Tag\b/, 'ETag')
    .replace(/\b(?:Url|Vm|Ip|Os)\b/g, (word) => word.toUpperCase());
}
