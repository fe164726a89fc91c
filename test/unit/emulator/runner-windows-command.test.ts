import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { splitCommandLine } from '../../../emulator/runner/command-line.ts';
import { fromWindows } from '../../../emulator/runner/windows-command.ts';

function output(commandLine: string): string {
  const [program, ...args] = splitCommandLine(fromWindows(commandLine));
  return execFileSync(program, args, { encoding: 'utf8', env: { AZ_BATCH_TASK_ID: 'mine' } });
}

describe('the command lines of Windows nodes', () => {
  it.each([
    ['cmd /c echo test', 'test\n'],
    ['CMD.EXE /C "echo hello world"', 'hello world\n'],
    ['cmd /d /s /c echo %AZ_BATCH_TASK_ID%\\x', 'mine/x\n'],
    ['C:\\Windows\\System32\\cmd.exe /c echo a & echo b', 'a\nb\n'],
    ['cmd /cecho close', 'close\n'],
  ])('%s is run by the shell', (commandLine, expected) => {
    expect(output(commandLine)).toBe(expected);
  });

  it('tells its exit code', () => {
    expect(() => output('cmd /c exit /b 3')).toThrow(expect.objectContaining({ status: 3 }));
  });

  it.each(['myprogram.exe /c x', 'command /c x', 'cmd', ''])('leaves %j as it is', (commandLine) => {
    expect(fromWindows(commandLine)).toBe(commandLine);
  });
});
