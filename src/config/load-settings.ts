import { readIfPresent } from './read-file.ts';
import { DEFAULT_SETTINGS, type LoadedSettings } from './settings.ts';

/** Reads azb's configuration. A bad file never stops azb: it is told of in `problems`. */
export async function loadSettings(path: string): Promise<LoadedSettings> {
  const text = await tryRead(path);
  if (text instanceof Error) return { settings: DEFAULT_SETTINGS, problems: [`${path}: ${text.message}`] };
  if (text === undefined) return { settings: DEFAULT_SETTINGS, problems: [] };
  const { parseSettings } = await import('./settings-file.ts');
  return parseSettings(text, path);
}

async function tryRead(path: string): Promise<string | undefined | Error> {
  try {
    return await readIfPresent(path);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
