import { boxLines, centred } from '../components/box.ts';
import { wrapWords } from '../components/pane-lines.ts';
import { describeError, NotConfiguredError } from '../lib/errors.ts';
import type { WelcomeView } from '../store/state.ts';
import { keyFor } from './key-table.ts';
import type { Paint } from './painting.ts';

/** Shown when no account is configured: how to get one, and that none is needed to try azb. */
export const paintWelcome: Paint<WelcomeView> = ({ palette }, state, _view, width, height) => {
  const { credentialError } = state.session;
  const room = Math.max(20, Math.min(width - 6, 90));
  // That there is none is what the whole screen is about.
  const isTrouble = credentialError !== undefined && !(credentialError instanceof NotConfiguredError);
  const trouble = isTrouble ? describeError(credentialError) : undefined;
  const lines = [
    palette.ink('title', 'No Batch account yet'),
    '',
    ...(trouble === undefined
      ? []
      : wrapWords(trouble.message, room).map((line) => palette.ink('warn', line))),
    ...(trouble?.next === undefined
      ? []
      : wrapWords(`try: ${trouble.next}`, room).map((line) => palette.ink('info', line))),
    ...(trouble === undefined ? [] : ['']),
    palette.ink('value', 'azb demo'),
    'opens azb on its own emulator: no cloud account is needed',
    '',
    palette.ink('value', `${keyFor(state, 'app.command')}accounts`),
    'lists those of your subscriptions, after az login',
    '',
    palette.ink('value', 'export AZURE_BATCH_ACCOUNT=… AZURE_BATCH_ENDPOINT=https://….batch.azure.com'),
    palette.ink('value', 'export AZURE_BATCH_ACCESS_KEY=…   (left out: Entra ID, as az login)'),
    'or: az batch account login -g GROUP -n ACCOUNT',
    '',
    palette.ink('dim', `${keyFor(state, 'app.quit')} quits`),
  ];
  return boxLines(
    palette,
    width,
    height,
    { title: palette.ink('title', ' azb ') },
    centred(lines, width - 2, height - 2),
  );
};
