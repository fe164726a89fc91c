import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type * as v from 'valibot';
import type { Style } from '../lib/style.ts';
import { tryRead } from './load-settings.ts';
import type { pluginSchema, Vocabulary } from './schema.ts';
import type { viewSchema } from './view-schema.ts';

/** Something of the user's that has a key; `place` is the `file:line` where it is written. */
interface Placed {
  readonly place: string;
}

/** A key that runs a `:` command. */
export interface Hotkey extends Placed {
  readonly key: string;
  readonly command: string;
  readonly help: string;
  readonly override: boolean;
}

/** A program that a key runs on what is under the cursor. */
export type Plugin = Placed & { readonly name: string } & v.InferOutput<ReturnType<typeof pluginSchema>>;

/** Which columns a list shows and what it is sorted by at first. */
export type ViewPreference = v.InferOutput<ReturnType<typeof viewSchema>>;

/** A skin: what it says, over the one that it builds on. */
export interface UserSkin {
  readonly base: 'dark' | 'light';
  readonly styles: Readonly<Record<string, Style>>;
}

/** What the user's files beside `config.yaml` say. */
export interface UserFiles {
  /** A word and the command that it stands for. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly hotkeys: readonly Hotkey[];
  readonly plugins: readonly Plugin[];
  readonly views: Readonly<Record<string, ViewPreference>>;
  readonly skins: Readonly<Record<string, UserSkin>>;
  /** What is wrong, a line each with file and line; what is right counts all the same. */
  readonly problems: readonly string[];
}

/** The text of a file that is there, and its path for messages. */
export interface FileText {
  readonly path: string;
  readonly text: string;
}

/** The texts of the files that are there. */
export interface FileTexts {
  readonly aliases?: FileText;
  readonly hotkeys?: FileText;
  readonly plugins?: FileText;
  readonly views?: FileText;
  /** By the name of the skin. */
  readonly skins: Readonly<Record<string, FileText>>;
}

const NAMES = ['aliases', 'hotkeys', 'plugins', 'views'] as const;

/** Reads the files of a configuration folder. A bad file never rejects: it is told of in `problems`. */
export async function loadUserFiles(folder: string, vocabulary: Vocabulary): Promise<UserFiles> {
  const problems: string[] = [];
  const read = async (path: string): Promise<FileText | undefined> => {
    const text = await tryRead(path);
    if (text instanceof Error) problems.push(`${path}: ${text.message}`);
    return typeof text === 'string' ? { path, text } : undefined;
  };
  const named = await Promise.all(
    NAMES.map(async (name) => [name, await read(join(folder, `${name}.yaml`))]),
  );
  const skins = await Promise.all(
    skinNames(folder).map(async (name) => [name, await read(join(folder, 'skins', `${name}.yaml`))]),
  );
  const texts: FileTexts = { ...present(named), skins: present(skins) };
  if (Object.keys(texts).length === 1 && Object.keys(texts.skins).length === 0) {
    return { aliases: {}, hotkeys: [], plugins: [], views: {}, skins: {}, problems };
  }
  // The schema and the YAML reader are heavy, and most people have no such files.
  const { parseUserFiles } = await import('./parse-user-files.ts');
  const files = parseUserFiles(texts, vocabulary);
  return { ...files, problems: [...problems, ...files.problems] };
}

function present(pairs: readonly (readonly unknown[])[]): Record<string, FileText> {
  return Object.fromEntries(pairs.filter(([, file]) => file !== undefined));
}

function skinNames(folder: string): string[] {
  try {
    return readdirSync(join(folder, 'skins'))
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => name.slice(0, -'.yaml'.length));
  } catch {
    // No folder, no skins.
    return [];
  }
}
