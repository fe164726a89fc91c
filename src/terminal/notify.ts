import { visible } from '../lib/sanitise.ts';

/** Longest text of a notification; terminals cut it anyway. */
const LONGEST = 200;

/**
 * The sequences that ring the terminal's bell and, where wanted, show a notification of the user's own desktop (OSC 9), also
 * through SSH. Inside tmux the bell is tmux's, and the notification is wrapped to be passed through.
 * @param env the process's environment; TMUX tells of tmux
 */
export function notifySequence(
  text: string,
  how: 'bell' | 'desktop',
  env: Readonly<Record<string, string | undefined>>,
): string {
  const bell = '\x07';
  if (how === 'bell') return bell;
  const notice = `\x1b]9;${visible(text).slice(0, LONGEST)}\x07`;
  return bell + ((env.TMUX ?? '') === '' ? notice : `\x1bPtmux;\x1b${notice}\x1b\\`);
}
