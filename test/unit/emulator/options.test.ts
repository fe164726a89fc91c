import { describe, expect, it } from 'vitest';
import { parseCommandLine, UsageError } from '../../../emulator/options.ts';

describe('the command line of the emulator', () => {
  it('needs nothing', () => {
    expect(parseCommandLine([])).toMatchObject({
      host: '127.0.0.1',
      port: 8910,
      data: undefined,
      speed: 1,
      nodesMax: 100,
      entra: false,
      outputBytes: 1e9,
    });
  });

  it.each([['--help'], ['-h'], ['--port', '1', '--help']])('gives help when asked: %s %s %s', (...argv) => {
    expect(parseCommandLine(argv)).toBe('help');
  });

  it.each([
    ['--port', '65536'],
    ['--port', '1.5'],
    ['--port', ''],
    ['--speed', '0'],
    ['--nodes-max', '0'],
    ['--output-max', 'much'],
    ['--colour', 'red'],
  ])('refuses %s %s', (...argv) => {
    expect(() => parseCommandLine(argv)).toThrow(UsageError);
  });

  it('takes numbers up to their limits', () => {
    expect(parseCommandLine(['--port', '65535', '--speed', '0.5', '--output-max', '2'])).toMatchObject({
      port: 65_535,
      speed: 0.5,
      outputBytes: 2e6,
    });
  });

  it('never repeats a connection string that it cannot use', () => {
    const refused = () => parseCommandLine(['--auto-storage', 'AccountKey=c2VjcmV0']);
    expect(refused).toThrow(UsageError);
    expect(refused).not.toThrow(/c2VjcmV0/);
  });
});
