import { describe, expect, it } from 'vitest';
import { shellQuote } from '../../../src/lib/shell-quote.ts';
import { checkJumpHost, sshArguments } from '../../../src/store/actions/ssh-command.ts';
import { azLines } from '../../../src/store/equivalents.ts';
import { progressText } from '../../../src/store/progress.ts';

describe('progressText', () => {
  it('counts only, until there is something to tell a rate from', () => {
    expect(progressText({ done: 0, total: 5000, elapsed: 9000 })).toBe('0 of 5,000');
    expect(progressText({ done: 80, total: 5000, elapsed: 999 })).toBe('80 of 5,000');
    expect(progressText({ done: 80, total: 5000 })).toBe('80 of 5,000');
  });

  it('tells the rate and what is left at that rate', () => {
    expect(progressText({ done: 1000, total: 5000, elapsed: 4000 })).toBe('1,000 of 5,000  250/s  16s left');
    expect(progressText({ done: 3, total: 6, elapsed: 2000 })).toBe('3 of 6  1.5/s  2s left');
    expect(progressText({ done: 6, total: 6, elapsed: 2000 })).toBe('6 of 6  3.0/s');
  });

  it('tells nothing of what is left of what was stopped', () => {
    const stopped = { done: 1000, total: 5000, elapsed: 4000, state: 'cancelled' } as const;
    expect(progressText(stopped)).toBe('1,000 of 5,000  250/s');
  });

  it('measures bytes as sizes', () => {
    const text = progressText({ done: 4_000_000, total: 10_000_000, elapsed: 2000, measure: 'bytes' });
    expect(text).toBe('4.0 MB of 10 MB  2.0 MB/s  3s left');
  });
});

describe('azLines', () => {
  const disable = (id: string) => ({ resource: 'jobs', action: 'disable', scope: {}, id });

  it('gives the lines of the first operations, with what was chosen', () => {
    expect(azLines([disable('a'), disable('b'), disable('c')], { disableTasks: 'wait' }, 2)).toEqual([
      'az batch job disable --job-id a --disable-tasks wait',
      'az batch job disable --job-id b --disable-tasks wait',
    ]);
  });

  it('names all nodes that go in one call', () => {
    const nodes = { resource: 'nodes', action: 'delete', scope: { pool: 'p' }, id: 'n1' };
    const [line] = azLines(
      [{ ...nodes, args: { nodeList: ['n1', 'n2'] } }],
      { nodeDeallocationOption: 'requeue' },
      1,
    );
    expect(line).toBe(
      'az batch node delete --pool-id p --node-list n1 n2 --node-deallocation-option requeue',
    );
  });

  it('quotes what a shell would take apart', () => {
    const file = {
      resource: 'files',
      action: 'delete',
      scope: { job: 'j', task: 't' },
      id: "wd/it's a file",
    };
    expect(azLines([file], {}, 1)[0]).toContain(`--file-path 'wd/it'\\''s a file'`);
  });

  it('quotes names of blobs and folders once', () => {
    const blob = { resource: 'blobs', action: 'delete', scope: { container: 'in' } };
    const lines = ['a b.txt', 'plain/', "it's a folder/"].map((id) => azLines([{ ...blob, id }], {}, 1)[0]);
    expect(lines).toEqual([
      `az storage blob delete --container-name in --name 'a b.txt'`,
      `az storage blob delete-batch --source in --pattern 'plain/*'`,
      `az storage blob delete-batch --source in --pattern 'it'\\''s a folder/*'`,
    ]);
  });
});

describe('shellQuote', () => {
  it('leaves alone what is safe, and quotes the rest', () => {
    expect(['my-job_1', 'a/b.txt', ''].map(shellQuote)).toEqual(['my-job_1', 'a/b.txt', "''"]);
    expect(shellQuote('$(x)')).toBe("'$(x)'");
  });
});

describe('sshArguments', () => {
  const login = {
    user: 'azb',
    target: { address: '20.1.2.3', port: 50001 },
    jump: '',
    identityFile: '/home/me/.ssh/id_ed25519',
    node: 'tvmps_1_d',
  };

  it('logs in as the user at the port, and keeps the host key by the name of the node', () => {
    expect(sshArguments(login)).toEqual([
      ...['-p', '50001', '-i', '/home/me/.ssh/id_ed25519', '-o', 'HostKeyAlias=tvmps_1_d'],
      ...['--', 'azb@20.1.2.3'],
    ]);
  });

  it('goes through a jump host', () => {
    expect(sshArguments({ ...login, jump: 'me@bastion' }).join(' ')).toContain('-J me@bastion -- ');
  });

  it('takes no address that ssh or a shell could read as something else', () => {
    expect(() => sshArguments({ ...login, target: { address: '-oProxyCommand=x', port: 22 } })).toThrow();
    expect(() => sshArguments({ ...login, target: { address: 'a b', port: 22 } })).toThrow();
  });

  it('checks the jump host as it is typed', () => {
    expect(['', 'host', 'me@host:2222', 'a@b,c@d'].map(checkJumpHost)).toEqual(Array(4).fill(undefined));
    expect(checkJumpHost('-oProxyCommand=x')).toBeDefined();
    expect(checkJumpHost('a b')).toBeDefined();
  });
});
