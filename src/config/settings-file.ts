import type * as v from 'valibot';
import { hint, SETTINGS, type Vocabulary } from './schema.ts';
import { DEFAULT_SETTINGS, type LoadedSettings, type Settings } from './settings.ts';
import { parseYamlFile, takeEntries } from './yaml-file.ts';

/** Settings that make accounts read-only. */
const PROTECTING: readonly string[] = ['readOnly', 'readOnlyAccounts', 'accounts'];

/** Reads the text of a `config.yaml`; `path` is for messages. Only the UI knows the names of keys. */
export function parseSettings(text: string, path: string, vocabulary?: Vocabulary): LoadedSettings {
  const file = parseYamlFile(text, path);
  const taken = takeEntries(file, schemaOf);
  const settings: Settings = { ...DEFAULT_SETTINGS, ...Object.fromEntries(taken.values) };
  const unknown = unknownBindings(settings, vocabulary);
  return {
    settings: { ...settings, keys: without(settings.keys, unknown) },
    problems: [
      ...taken.problems,
      ...unknown.map(
        (id) =>
          `${file.place(['keys', id])}: there is nothing named ${id} to give a key to${hint(id, vocabulary?.bindings ?? [])}`,
      ),
    ],
    isDoubtful:
      file.problems.length > 0 ||
      PROTECTING.some(
        (name) =>
          Object.hasOwn(file.entries, name) && (!taken.values.has(name) || taken.partly.includes(name)),
      ),
    place: file.place,
  };
}

function schemaOf(name: string): v.GenericSchema | string {
  const names = Object.keys(SETTINGS);
  return names.includes(name)
    ? SETTINGS[name as keyof typeof SETTINGS]
    : `there is no setting ${name}${hint(name, names)}`;
}

function unknownBindings(settings: Settings, vocabulary: Vocabulary | undefined): string[] {
  if (vocabulary === undefined) return [];
  return Object.keys(settings.keys).filter((id) => !vocabulary.bindings.includes(id));
}

function without<T>(record: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}
