import { describe, expect, it } from 'vitest';
import { filesUnder, startDownload } from '../../../../src/store/actions/download.ts';
import { EMPTY_FEED } from '../../../../src/store/app-store.ts';
import { feedKey } from '../../../../src/store/keys-of.ts';
import type { Services } from '../../../../src/store/services.ts';
import { listView } from '../../../../src/store/views.ts';
import {
  deferred,
  type StoreKit,
  type StoreKitOptions,
  steps,
  storeKit,
} from '../../../support/store-kit.ts';

const SCOPE = { job: 'myjob', task: 'mytask1' };
const FILES = [
  { name: 'stdout.txt', isDirectory: false },
  { name: 'wd', isDirectory: true },
  { name: 'wd/a.bin', isDirectory: false },
  { name: 'wd/deep/b.bin', isDirectory: false },
  { name: 'wdx.txt', isDirectory: false },
];

interface Written {
  bytes: Uint8Array;
  state: 'open' | 'closed' | 'discarded';
}

/** A list of files with the cursor on one, and a disk in memory. */
function kitWith(
  cursor: string,
  port: StoreKitOptions['port'],
): { kit: StoreKit; disk: Map<string, Written> } {
  const view = { ...listView('files', SCOPE), cursor };
  const kit = storeKit({ view, ...(port === undefined ? {} : { port }) });
  const feed = { ...EMPTY_FEED, status: 'ready' as const, rows: FILES, complete: true, updatedAt: 1 };
  kit.store.setState({ feeds: { [feedKey('files', SCOPE)]: feed } });
  const disk = new Map<string, Written>();
  const services = kit.services as { host: Services['host'] };
  services.host = {
    ...services.host,
    createFile: async (name) => {
      const written: Written = { bytes: new Uint8Array(), state: 'open' };
      disk.set(name, written);
      return {
        path: `/dumps/${name}`,
        write: async (bytes, at) => {
          const grown = new Uint8Array(Math.max(written.bytes.length, at + bytes.length));
          grown.set(written.bytes);
          grown.set(bytes, at);
          written.bytes = grown;
        },
        close: async () => {
          written.state = 'closed';
        },
        discard: async () => {
          written.state = 'discarded';
        },
      };
    },
  };
  return { kit, disk };
}

const SIZE = 10_000_000;
const facts = { size: SIZE, lastModified: undefined, isDirectory: false, contentType: undefined };

/** Byte n of a file is n modulo 251, so that a piece in the wrong place is seen. */
async function readPattern(
  _file: unknown,
  { start, end }: { start: number; end: number },
): Promise<Uint8Array> {
  return Uint8Array.from({ length: end - start }, (_, index) => (start + index) % 251);
}

describe('filesUnder', () => {
  it('takes files by name and directories with all that is in them', () => {
    expect(filesUnder(['stdout.txt', 'wd'], FILES)).toEqual(['stdout.txt', 'wd/a.bin', 'wd/deep/b.bin']);
    expect(filesUnder(['wd/de'], FILES)).toEqual([]);
  });
});

describe('saving a file', () => {
  it('puts every piece where it belongs', async () => {
    const statFile = async () => ({ ...facts, version: '0x1' });
    const { kit, disk } = kitWith('stdout.txt', { statFile, readFile: readPattern });
    startDownload(kit.services);
    await kit.done();
    const written = disk.get('mytask1-stdout.txt');
    expect(written?.state).toBe('closed');
    expect(written?.bytes.length).toBe(SIZE);
    expect(written?.bytes.findIndex((byte, index) => byte !== index % 251)).toBe(-1);
    expect(kit.store.getState().flash?.text).toBe('saved /dumps/mytask1-stdout.txt');
    expect(kit.store.getState().overlay).toBeUndefined();
  });

  it('keeps no half of a file, says why, and offers to try again', async () => {
    const fails = { reading: true };
    const { kit, disk } = kitWith('wd/a.bin', {
      statFile: async () => facts,
      readFile: async (file, range) => {
        if (fails.reading && range.start > 0) throw new Error('lost');
        return readPattern(file, range);
      },
    });
    startDownload(kit.services);
    await kit.done();
    expect(disk.get('mytask1-wd/a.bin')?.state).toBe('discarded');
    const { overlay } = kit.store.getState();
    expect(overlay).toMatchObject({ kind: 'bulk', state: 'ended', failures: [{ id: 'wd/a.bin' }] });
    fails.reading = false;
    if (overlay?.kind === 'bulk') await overlay.again?.();
    expect(disk.get('mytask1-wd/a.bin')?.state).toBe('closed');
  });

  it('opens a file when its first bytes are there, and closes it with its last', async () => {
    const many = Array.from({ length: 300 }, (_, index) => ({ name: `wd/${index}`, isDirectory: false }));
    const { kit, disk } = kitWith('wd', {
      statFile: async () => ({ ...facts, size: 3 }),
      readFile: readPattern,
    });
    const feed = { ...EMPTY_FEED, status: 'ready' as const, complete: true, updatedAt: 1 };
    const rows = [{ name: 'wd', isDirectory: true }, ...many];
    kit.store.setState({ feeds: { [feedKey('files', SCOPE)]: { ...feed, rows } } });
    const { createFile } = kit.services.host;
    let mostOpen = 0;
    const services = kit.services as { host: Services['host'] };
    services.host = {
      ...services.host,
      createFile: async (name) => {
        const file = await createFile(name);
        const open = [...disk.values()].filter(({ state }) => state === 'open').length;
        mostOpen = Math.max(mostOpen, open);
        return file;
      },
    };
    startDownload(kit.services);
    await kit.done();
    expect([...disk.values()].filter(({ state }) => state === 'closed')).toHaveLength(300);
    expect(mostOpen).toBeLessThan(20);
  });

  it('keeps no file of which some pieces are from before a change, and some from after', async () => {
    let version = 1;
    const { kit, disk } = kitWith('stdout.txt', {
      statFile: async () => ({ ...facts, version: `v${version++}` }),
      readFile: readPattern,
    });
    startDownload(kit.services);
    await kit.done();
    expect(disk.get('mytask1-stdout.txt')?.state).toBe('discarded');
    expect(kit.store.getState().overlay).toMatchObject({
      failures: [{ id: 'stdout.txt', reason: 'the file changed while it was read' }],
    });
  });

  it('says that there is nothing to save in an empty directory, and in an empty list', async () => {
    const { kit, disk } = kitWith('empty', {});
    const key = feedKey('files', SCOPE);
    const hold = (rows: readonly (typeof FILES)[number][]) =>
      kit.store.setState(({ feeds }) => ({
        feeds: { ...feeds, [key]: { ...(feeds[key] ?? EMPTY_FEED), rows } },
      }));
    hold([{ name: 'empty', isDirectory: true }, ...FILES]);
    startDownload(kit.services);
    await kit.done();
    expect(kit.store.getState().flash?.text).toBe('there is no file in it');
    hold([]);
    startDownload(kit.services);
    await kit.done();
    expect(kit.store.getState().flash?.text).toBe('there is no file under the cursor');
    expect(disk.size).toBe(0);
  });

  it('refuses a file that became shorter meanwhile', async () => {
    const { kit, disk } = kitWith('stdout.txt', {
      statFile: async () => facts,
      readFile: async () => new Uint8Array(5),
    });
    startDownload(kit.services);
    await kit.done();
    expect(disk.size).toBe(0);
    expect(kit.store.getState().flash?.text).toContain('could not be saved');
  });

  it('saves an empty file as one', async () => {
    const { kit, disk } = kitWith('stdout.txt', { statFile: async () => ({ ...facts, size: 0 }) });
    startDownload(kit.services);
    await kit.done();
    expect(disk.get('mytask1-stdout.txt')).toEqual({ bytes: new Uint8Array(), state: 'closed' });
  });

  it('that is stopped leaves nothing behind, and calls that no failure', async () => {
    const reading = deferred<void>();
    const { kit, disk } = kitWith('stdout.txt', {
      statFile: async () => facts,
      readFile: (file, range, signal) => {
        if (range.start === 0) return readPattern(file, range);
        reading.resolve();
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        });
      },
    });
    startDownload(kit.services);
    await reading.promise;
    stop(kit);
    await kit.done();
    expect(disk.get('mytask1-stdout.txt')?.state).toBe('discarded');
    expect(kit.store.getState().overlay).toBeUndefined();
    expect(kit.store.getState().flash?.text).toBe('Saving stdout.txt: stopped, nothing half is kept');
  });

  it('can be stopped while the files are looked at', async () => {
    const looking = deferred<void>();
    const { kit, disk } = kitWith('wd', {
      statFile: (_file, signal) => {
        looking.resolve();
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        });
      },
      readFile: readPattern,
    });
    startDownload(kit.services);
    await looking.promise;
    expect(kit.store.getState().overlay).toMatchObject({ title: 'Looking at 2 files', total: 2 });
    stop(kit);
    await kit.done();
    expect(disk.size).toBe(0);
    expect(kit.store.getState().overlay).toBeUndefined();
    expect(kit.store.getState().flash?.text).toBe('Saving 2 files: stopped, nothing half is kept');
  });

  it('tries again what could not even be looked at', async () => {
    const refused = { a: true };
    const { kit, disk } = kitWith('wd', {
      statFile: async ({ path }) => {
        if (refused.a && path === 'wd/a.bin') throw new Error('busy');
        return { ...facts, size: 3 };
      },
      readFile: readPattern,
    });
    startDownload(kit.services);
    await kit.done();
    const { overlay } = kit.store.getState();
    expect(overlay).toMatchObject({ failures: [{ id: 'wd/a.bin' }] });
    expect(disk.get('mytask1-wd/deep/b.bin')?.state).toBe('closed');
    expect(disk.has('mytask1-wd/a.bin')).toBe(false);
    refused.a = false;
    if (overlay?.kind === 'bulk') await overlay.again?.();
    expect(disk.get('mytask1-wd/a.bin')?.state).toBe('closed');
  });
});

function stop(kit: StoreKit): void {
  const { overlay } = kit.store.getState();
  if (overlay?.kind === 'bulk') overlay.abort.abort();
}

describe('saving a folder of blobs', () => {
  const view = { ...listView('blobs', { container: 'results' }), cursor: 'run/' };

  it('shows how many it has found, and stops when it is told', async () => {
    const second = deferred<never>();
    const kit = storeKit({
      view,
      port: {
        listPage: (_resource, _scope, { next }, signal) => {
          if (next === undefined) {
            return Promise.resolve({
              rows: [{ name: 'run/a' }, { name: 'run/b' }],
              next: '2',
              serverTime: 0,
            });
          }
          signal.addEventListener('abort', () => second.reject(signal.reason), { once: true });
          return second.promise;
        },
      },
    });
    const rows = [{ name: 'run/', isFolder: true }];
    const feed = { ...EMPTY_FEED, status: 'ready' as const, rows, complete: true, updatedAt: 1 };
    kit.store.setState({ feeds: { [feedKey('blobs', { container: 'results' })]: feed } });
    startDownload(kit.services);
    await steps();
    const { overlay } = kit.store.getState();
    expect(overlay).toMatchObject({ kind: 'bulk', title: 'Looking for the files in it', done: 2 });
    if (overlay?.kind === 'bulk') overlay.abort.abort();
    await kit.done();
    expect(kit.store.getState().overlay).toBeUndefined();
    expect(kit.store.getState().flash?.text).toBe('stopped, nothing was saved');
    expect(kit.port.calls.map(({ method }) => method)).toEqual(['listPage', 'listPage']);
  });
});
