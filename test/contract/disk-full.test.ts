import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleEmulator, startProcess } from './emulator-process.ts';
import { clientFor } from './support.ts';

/** No file may become bigger than this, which is as good as a full disk. */
const FILE_LIMIT_KB = 2_000;

describe('a disk that takes no more', () => {
  let bundle: string;
  let data: string;
  beforeAll(async () => {
    bundle = await bundleEmulator('disk-full');
    data = await mkdtemp(join(tmpdir(), 'azb-disk-full-'));
  });
  afterAll(() => rm(data, { recursive: true, force: true }));

  it('ends the emulator with a clear message, and no change that was acknowledged is lost', async () => {
    const args = ['--port', '0', '--data', data, '--speed', '40'];
    const limited = ['/bin/bash', '-c', `ulimit -f ${FILE_LIMIT_KB}; exec "$@"`, 'limited'];
    const first = await startProcess(bundle, args, limited);
    const client = clientFor(first);
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
    const acknowledged: string[] = [];
    try {
      for (let batch = 0; ; batch += 1) {
        const ids = Array.from({ length: 100 }, (_, index) => `t${batch}-${index}`);
        await client.task.addCollection(
          'j',
          ids.map((id) => ({ id, commandLine: `echo ${'x'.repeat(200)}` })),
        );
        acknowledged.push(...ids);
      }
    } catch {
      // It went away in the middle of a call.
    }
    expect(await first.gone).toBe(1);
    expect(first.log()).toMatch(/^azb: the state could not be written any more \(.+\)/m);
    expect(first.log()).toContain(`  try: make room in ${data}`);
    expect(first.log()).not.toContain('    at ');

    const second = await startProcess(bundle, args);
    const again = clientFor(second);
    const kept = new Set<string | undefined>();
    let page = await again.task.list('j');
    for (;;) {
      for (const { id } of page) kept.add(id);
      if (page.odatanextLink === undefined) break;
      page = await again.task.listNext(page.odatanextLink);
    }
    expect((await again.job.getTaskCounts('j')).taskCounts.active).toBe(kept.size);
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    expect(await second.end('SIGTERM')).toBe(0);
  });
});
