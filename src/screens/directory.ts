import type { DirectoryEntry } from '../resources/directory.ts';
import { resourceNamed } from '../resources/registry.ts';
import { flashError } from '../store/flash.ts';
import type { ScreenContext } from './context.ts';
import { openPrompt } from './handlers/prompt-handlers.ts';

/** Goes where a row of the list of commands leads; what needs more words gets the prompt with its name. */
export function openDirectoryEntry(context: ScreenContext, { name, kind, operands }: DirectoryEntry): void {
  const { store } = context.services;
  const needsScope = kind === 'resource' && resourceNamed(name).scopes.every((parts) => parts.length > 0);
  if (needsScope || (kind === 'command' && operands !== '')) {
    openPrompt(context, 'command', `${name} `);
    return;
  }
  try {
    context.runCommand(name);
  } catch (error) {
    flashError(store, error);
  }
}
