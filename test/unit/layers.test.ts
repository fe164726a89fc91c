import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** A file and what it may not import. */
const REFUSED: readonly (readonly [file: string, source: string])[] = [
  ['src/components/a.ts', '../store/app-store.ts'],
  ['src/components/a.ts', '../resources/types.ts'],
  ['src/components/a.ts', '../keys/types.ts'],
  ['src/components/a.ts', '@azure/batch'],
  ['src/screens/a.ts', '../api/batch.ts'],
  ['src/screens/a.ts', '../terminal/keys.ts'],
  ['src/screens/a.ts', '../config/load.ts'],
  ['src/screens/a.ts', '../commands/prompt.ts'],
  ['src/screens/a.ts', '../app.tsx'],
  ['src/screens/a.ts', '../../emulator/main.ts'],
  ['src/screens/handlers/a.ts', '../../api/batch.ts'],
  ['src/screens/handlers/a.ts', '../../terminal/keys.ts'],
  ['src/store/a.ts', '../api/batch.ts'],
  ['src/store/a.ts', '../screens/paint.ts'],
  ['src/store/a.ts', '../keys/table.ts'],
  ['src/store/a.ts', '../components/box.ts'],
  ['src/store/sources/a.ts', '../../api/batch.ts'],
  ['src/store/actions/a.ts', '../../screens/paint.ts'],
  ['src/store/forms/a.ts', '@azure/batch'],
  ['src/resources/a.ts', '../store/app-store.ts'],
  ['src/resources/a.ts', '../api/port.ts'],
  ['src/keys/a.ts', '../resources/types.ts'],
  ['src/terminal/a.ts', '../store/app-store.ts'],
  ['src/lib/a.ts', '../resources/types.ts'],
  ['src/lib/a.ts', '../../emulator/main.ts'],
  ['src/config/a.ts', '../api/batch.ts'],
  ['src/commands/a.ts', '../api/port.ts'],
  ['src/commands/a.ts', '../screens/paint.ts'],
  ['src/commands/a.ts', './shell/get.ts'],
  ['src/commands/shell/a.ts', '../../api/batch.ts'],
  ['src/commands/shell/a.ts', '../../screens/paint.ts'],
  ['src/commands/shell/a.ts', '../../app.tsx'],
  ['src/api/a.ts', '../store/app-store.ts'],
  ['src/api/a.ts', '../resources/registry.ts'],
  ['src/api/a.ts', '../../emulator/main.ts'],
  ['src/api/arm/a.ts', '../../store/app-store.ts'],
  ['src/api/storage/a.ts', '../../resources/registry.ts'],
  ['src/api/wire/a.ts', '../../resources/types.ts'],
  ['src/api/wire/a.ts', '../pools.ts'],
  ['src/api/wire/a.ts', '../arm/accounts.ts'],
  ['src/log-file.ts', './api/wire/transport.ts'],
  ['src/a.ts', '@azure/identity'],
  ['src/app.tsx', '@azure/batch'],
  ['src/ui.ts', '../emulator/main.ts'],
  ['src/main.ts', './app.tsx'],
  ['src/main.ts', './api/batch.ts'],
  ['src/host.ts', './api/batch.ts'],
  ['src/log-file.ts', './api/batch.ts'],
  ['emulator/a.ts', '../src/lib/units.ts'],
  ['emulator/store/a.ts', '../../src/lib/units.ts'],
];

/** A file and what it may import: a rule that refuses everything would pass the other test. */
const ALLOWED: readonly (readonly [file: string, source: string])[] = [
  ['src/components/b.ts', '../lib/units.ts'],
  ['src/screens/b.ts', '../store/app-store.ts'],
  ['src/screens/b.ts', '../keys/table.ts'],
  ['src/screens/b.ts', '../api/port.ts'],
  ['src/store/b.ts', '../api/port.ts'],
  ['src/store/b.ts', './app-store.ts'],
  ['src/store/sources/b.ts', '../app-store.ts'],
  ['src/store/sources/b.ts', '../../api/port.ts'],
  ['src/screens/handlers/b.ts', '../../store/app-store.ts'],
  ['src/resources/b.ts', '../lib/units.ts'],
  ['src/commands/b.ts', '../keys/find.ts'],
  ['src/commands/shell/b.ts', '../../api/port.ts'],
  ['src/api/b.ts', '@azure/batch'],
  ['src/api/b.ts', './wire/transport.ts'],
  ['src/api/arm/b.ts', '@azure/arm-batch'],
  ['src/api/arm/b.ts', '../wire/deadline.ts'],
  ['src/api/arm/b.ts', '../../resources/types.ts'],
  ['src/api/wire/b.ts', '../port.ts'],
  ['src/api/wire/b.ts', '../../lib/errors.ts'],
  ['src/log-file.ts', './api/wire/traffic.ts'],
  ['src/main.ts', '../emulator/main.ts'],
  ['src/shell.ts', './api/batch.ts'],
  ['emulator/b.ts', './store/database.ts'],
];

/** Ways to wait, one a line. */
const WAITING = [
  'export const a = async () => fetch("x");',
  'export async function b(): Promise<void> { console.log(1); }',
  'export async function c(x: number) { console.log(x); }',
  'export class D { async d() { console.log(1); } }',
  'console.log(await fetch("x"));',
  'fetch("x").then(String, String);',
];

interface Report {
  readonly diagnostics: readonly {
    readonly category: string;
    readonly location: { readonly path: string; readonly start: { readonly line: number } };
  }[];
}

/** Copies our configuration into a folder, writes the files beside it, and gives `category path:line` of what Biome finds. */
async function lint(folder: string, files: ReadonlyMap<string, readonly string[]>): Promise<string[]> {
  const copies = ['biome.json', '.gitignore', 'scripts/no-await.grit'];
  const texts = await Promise.all(copies.map((path) => readFile(join(ROOT, path), 'utf8')));
  const all = [
    ...copies.map((path, index) => [path, texts[index] ?? ''] as const),
    ...[...files].map(([path, lines]) => [path, `${lines.join('\n')}\n`] as const),
  ];
  for (const [path, text] of all) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const args = ['lint', '--reporter=json', '--max-diagnostics=none', '.'];
  const output = await new Promise<string>((resolve) => {
    const biome = [join(ROOT, 'node_modules/@biomejs/biome/bin/biome'), ...args];
    execFile(process.execPath, biome, { cwd: folder, maxBuffer: 2 ** 26 }, (_, stdout) => resolve(stdout));
  });
  return (JSON.parse(output) as Report).diagnostics.map(
    ({ category, location }) => `${category} ${location.path.replace(/^\.\//, '')}:${location.start.line}`,
  );
}

/** The cases as files, one line an import, and each case's `path:line`. */
function asFiles(cases: typeof REFUSED, line: (source: string) => string) {
  const files = new Map<string, string[]>();
  const places = cases.map(([file, source]) => {
    const lines = files.get(file) ?? [];
    files.set(file, [...lines, line(source)]);
    return { name: `${file} <- ${source}`, place: `${file}:${lines.length + 1}` };
  });
  return { files, places };
}

describe('the layers', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'azb-layers-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test.each([
    ['an import', (source: string) => `export { x } from '${source}';`],
    ['a lazy import', (source: string) => `console.log(import('${source}'));`],
  ])('refuse %s that runs upward, and no other', async (_, line) => {
    const refused = asFiles(REFUSED, line);
    const found = await lint(folder, refused.files);
    const missed = refused.places.filter(
      ({ place }) => !found.includes(`lint/style/noRestrictedImports ${place}`),
    );
    expect(missed).toEqual([]);
    await rm(folder, { recursive: true });
    await mkdir(folder);
    const allowed = await lint(folder, asFiles(ALLOWED, line).files);
    expect(allowed.filter((text) => text.includes('noRestrictedImports'))).toEqual([]);
  });

  test('components and screens never wait', async () => {
    const found = await lint(
      folder,
      new Map([
        ['src/screens/a.ts', WAITING],
        ['src/components/a.ts', WAITING],
        ['src/store/a.ts', WAITING],
      ]),
    );
    const lines = (file: string) =>
      found.filter((text) => text.startsWith(`plugin ${file}:`)).map((text) => Number(text.split(':')[1]));
    expect(lines('src/screens/a.ts')).toEqual([1, 2, 3, 4, 5, 6]);
    expect(lines('src/components/a.ts')).toEqual([1, 2, 3, 4, 5, 6]);
    expect(lines('src/store/a.ts')).toEqual([]);
  });
});
