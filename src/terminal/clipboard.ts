/** Longest text in base64 that common terminals take in one OSC 52 sequence. */
const MAX_ENCODED = 74_994;

/**
 * The sequence that puts text on the clipboard of the user's own machine (OSC 52), also through SSH, or
 * undefined when the text is longer than terminals accept. Inside tmux it is sent both plainly and wrapped
 * to be passed through, since which of the two works depends on tmux's settings.
 * @param env the process's environment; TMUX tells of tmux
 */
export function copySequence(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const encoded = Buffer.from(text, 'utf8').toString('base64');
  if (encoded.length > MAX_ENCODED) return undefined;
  const sequence = `\x1b]52;c;${encoded}\x07`;
  if ((env.TMUX ?? '') === '') return sequence;
  return `${sequence}\x1bPtmux;\x1b${sequence}\x1b\\`;
}
