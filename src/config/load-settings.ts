import { stat } from 'node:fs/promises';
import { readIfPresent } from './read-file.ts';
import type { Vocabulary } from './schema.ts';
import { DEFAULT_SETTINGS, type LoadedSettings } from './settings.ts';

/** Reads azb's configuration. A bad file never stops azb: it is told of in `problems`. */
export async function loadSettings(path: string, vocabulary?: Vocabulary): Promise<LoadedSettings> {
  const text = await tryRead(path);
  if (text === undefined || text instanceof Error) {
    const problems = text === undefined ? [] : [`${path}: ${text.message}`];
    return { settings: DEFAULT_SETTINGS, problems, isDoubtful: text !== undefined, place: () => path };
  }
  // The schema and the YAML reader are heavy, and most people have no such file.
  const { parseSettings } = await import('./settings-file.ts');
  const loaded = parseSettings(text, path, vocabulary);
  const { accounts, storage, notify } = loaded.settings;
  const hasWebhook = typeof notify !== 'string' && notify.webhook !== undefined;
  const hasSecret = [storage, ...accounts.map((account) => account.storage)].some(isSecret);
  const holdsKey = hasSecret || accounts.some(({ accessKey }) => accessKey !== undefined);
  if (!(holdsKey || hasWebhook) || !(await isReadByOthers(path))) return loaded;
  const what = holdsKey ? 'an access key' : 'the address of a webhook';
  const warning = `${path}: it holds ${what} and others can read it: chmod 600`;
  return { ...loaded, problems: [...loaded.problems, warning] };
}

/** Whether a storage account's text opens it for whoever reads it. */
function isSecret(text: string | undefined): boolean {
  return text !== undefined && /AccountKey=|SharedAccessSignature=|[?&]sig=/i.test(text);
}

/** Windows says nothing of the kind in a file's mode. */
async function isReadByOthers(path: string): Promise<boolean> {
  return process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0;
}

/** The text of a file, undefined when there is none, or why it cannot be read. */
export async function tryRead(path: string): Promise<string | undefined | Error> {
  try {
    return await readIfPresent(path);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
