/** `cmd /c …`, however it is spelled and whatever other switches stand before. */
const CMD = /^\s*"?(?:\S*[\\/])?cmd(?:\.exe)?"?\s+(?:\/(?![ck]\s)\S+\s+)*\/[ck]\s*(.*)$/is;

/**
 * A command line for the shell of this machine in place of one for that of Windows, or the line itself when it calls
 * no shell. Only what the two have in common works: variables (`%NAME%`), several commands after `&`, paths that are
 * separated by backslashes, and the commands that both know, such as `echo` and `exit`.
 */
export function fromWindows(commandLine: string): string {
  const commands = CMD.exec(commandLine)?.[1];
  if (commands === undefined) return commandLine;
  const script = withoutOuterQuotes(commands.trim())
    .replaceAll('\\', '/')
    .replace(/%(\w+)%/g, (_whole, name: string) => `\${${name}}`)
    .replace(/(?<!&)&(?!&)/g, ';')
    .replace(/\bexit\s+\/b\b/gi, 'exit');
  return `/bin/sh -c '${script.replaceAll("'", "'\\''")}'`;
}

/** Quotes around all of the commands belong to the call, not to them. */
function withoutOuterQuotes(commands: string): string {
  return /^"[^"]*"$/.test(commands) ? commands.slice(1, -1) : commands;
}
