import type * as v from 'valibot';
import { ALIAS, HOTKEY, hint, keyName, pluginSchema, type Vocabulary } from './schema.ts';
import { ROLE_STYLE, SKIN_BASE } from './skin-schema.ts';
import type {
  FileText,
  FileTexts,
  Hotkey,
  Plugin,
  UserFiles,
  UserSkin,
  ViewPreference,
} from './user-files.ts';
import { viewSchema } from './view-schema.ts';
import { parseYamlFile, takeEntries, type YamlFile } from './yaml-file.ts';

type SchemaOf<T> = (name: string) => v.GenericSchema<unknown, T> | string;

/** Checks the user's files entry by entry. */
export function parseUserFiles(texts: FileTexts, vocabulary: Vocabulary): UserFiles {
  const problems: string[] = [];
  const entries = <T, R>(
    file: FileText | undefined,
    schemaOf: SchemaOf<T>,
    make: (name: string, value: T, file: YamlFile) => R,
  ): R[] => {
    if (file === undefined) return [];
    const yaml = parseYamlFile(file.text, file.path);
    const taken = takeEntries(yaml, schemaOf);
    problems.push(...taken.problems);
    return [...taken.values].map(([name, value]) => make(name, value, yaml));
  };
  const resources = Object.keys(vocabulary.columns);
  const plugin = pluginSchema(vocabulary);
  const files = {
    aliases: Object.fromEntries(
      entries(texts.aliases, aliasSchema, (name, command) => [name.toLowerCase(), command] as const),
    ),
    hotkeys: entries(texts.hotkeys, hotkeySchema, hotkeyOf),
    plugins: entries(
      texts.plugins,
      () => plugin,
      (name, value, file): Plugin => ({ name, ...value, place: file.placeOfName(name) }),
    ),
    views: Object.fromEntries(
      entries(
        texts.views,
        (name) =>
          resources.includes(name)
            ? viewSchema(vocabulary, name)
            : `there is no resource ${name}${hint(name, resources)}`,
        (name, value): readonly [string, ViewPreference] => [name, value],
      ),
    ),
    skins: Object.fromEntries(
      Object.entries(texts.skins).map(([name, file]) => {
        const styles = entries(
          file,
          (role) => roleSchema(role, vocabulary),
          (role, value) => [role, value],
        );
        return [name, skinOf(Object.fromEntries(styles))];
      }),
    ),
  };
  return { ...files, problems };
}

const aliasSchema: SchemaOf<string> = (name) =>
  /^[A-Za-z][\w-]*$/.test(name) ? ALIAS : `${name} can be no alias: letters, digits, - and _ only`;

const hotkeySchema: SchemaOf<v.InferOutput<typeof HOTKEY>> = (name) =>
  keyName(name) === undefined
    ? `${name} is no key that terminals send, such as f5, ctrl-j or shift-t`
    : HOTKEY;

function hotkeyOf(name: string, value: v.InferOutput<typeof HOTKEY>, file: YamlFile): Hotkey {
  const whole = typeof value === 'string' ? { command: value, help: undefined, override: false } : value;
  return {
    key: keyName(name) ?? name,
    command: whole.command,
    help: whole.help ?? `:${whole.command}`,
    override: whole.override,
    place: file.placeOfName(name),
  };
}

type RoleValue = v.InferOutput<typeof ROLE_STYLE> | v.InferOutput<typeof SKIN_BASE>;

function roleSchema(name: string, { roles }: Vocabulary): v.GenericSchema<unknown, RoleValue> | string {
  if (name === 'base') return SKIN_BASE;
  return roles.includes(name) ? ROLE_STYLE : `there is no role ${name}${hint(name, [...roles, 'base'])}`;
}

function skinOf(entries: Readonly<Record<string, RoleValue>>): UserSkin {
  const { base, ...styles } = entries;
  return {
    base: base === 'light' ? 'light' : 'dark',
    styles: Object.fromEntries(
      Object.entries(styles).flatMap(([role, style]) => (typeof style === 'object' ? [[role, style]] : [])),
    ),
  };
}
