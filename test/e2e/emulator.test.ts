import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAzb } from '../support/azb-process.ts';

describe('azb emulator', () => {
  it('goes on when nobody reads what it writes any more', async () => {
    const { child, ended, untilOutput } = startAzb(['emulator', '--port', '0']);
    // A test that fails leaves no emulator behind.
    onTestFinished(() => void child.kill());
    const [, endpoint = ''] = await untilOutput(/AZURE_BATCH_ENDPOINT=(\S+)\n/);
    const closed = [child.stdout, child.stderr].map((stream) => stream && once(stream, 'close'));
    for (const stream of [child.stdout, child.stderr]) stream?.destroy();
    await Promise.all(closed);
    // The line about the first request is the first that it cannot write.
    for (let request = 0; request < 3; request++) expect((await fetch(endpoint)).status).toBe(400);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });
});
