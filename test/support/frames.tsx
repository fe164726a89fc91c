import { EventEmitter } from 'node:events';
import { onTestFinished } from 'vitest';
import type { BatchPort, ManagementPort, TrafficMeter } from '../../src/api/port.ts';
import { startChrome } from '../../src/chrome-ink.tsx';
import { completeCommand } from '../../src/commands/complete.ts';
import { type OwnListContext, ownListSource } from '../../src/commands/own-lists.ts';
import { runPromptCommand } from '../../src/commands/prompt.ts';
import { Palette } from '../../src/components/palette.ts';
import { type Display, startDrawing } from '../../src/drawing.ts';
import type { AzbError } from '../../src/lib/errors.ts';
import { compilePattern } from '../../src/lib/pattern.ts';
import { readKeys } from '../../src/read-keys.ts';
import type { ScreenContext } from '../../src/screens/context.ts';
import { windowIn } from '../../src/screens/list-window.ts';
import { createPainting } from '../../src/screens/painting.ts';
import { openManaged } from '../../src/store/actions/open-account.ts';
import { type AppStore, createAppStore } from '../../src/store/app-store.ts';
import { flashError } from '../../src/store/flash.ts';
import { startHeartbeat } from '../../src/store/heartbeat.ts';
import { idsOnScreen, Listings, weighedIds } from '../../src/store/listing.ts';
import { joinPorts } from '../../src/store/managed-port.ts';
import { Poller } from '../../src/store/poller.ts';
import { type Services, serviceNow } from '../../src/store/services.ts';
import { Sources } from '../../src/store/sources/sources.ts';
import type { Session, View } from '../../src/store/state.ts';
import { listView } from '../../src/store/views.ts';
import type { Keyboard } from '../../src/terminal/keyboard.ts';
import { Surface } from '../../src/terminal/surface.ts';
import { FakeTiming } from './fake-timing.ts';
import { LONE_ESC, namedKeyBytes } from './key-bytes.ts';
import { scriptedPort } from './scripted-port.ts';
import { cellAt, type SeenCell, screenText, show, virtualTerminal } from './virtual-terminal.ts';

export interface ScreenOptions {
  readonly columns?: number;
  readonly rows?: number;
  /** The service; by default one that answers from the samples. `null` is no account at all. */
  readonly port?: BatchPort | null;
  /** The plane that manages accounts; none unless given. */
  readonly management?: ManagementPort;
  readonly credentialError?: AzbError;
  readonly view?: View;
  readonly session?: Partial<Session>;
  /** What comes out of $EDITOR; undefined leaves the text as it was. */
  edit?(text: string): string | undefined;
}

/** The whole UI on a terminal without a window, with a clock that stands still. */
export interface TestScreen {
  readonly services: Services;
  readonly store: AppStore;
  readonly context: ScreenContext;
  readonly timing: FakeTiming;
  readonly surface: Surface;
  /** What was put on the clipboard. */
  readonly copied: readonly string[];
  /** What was saved, by file name. */
  readonly saved: ReadonlyMap<string, string>;
  /** Accounts that the session was to end for. */
  readonly opened: readonly string[];
  readonly hasQuit: () => boolean;
  /** Presses keys one after another, by name (`esc`, `enter`, `ctrl-d`) or as text that is typed. */
  press(...keys: readonly string[]): Promise<void>;
  /** Lets the clock go on, with everything that was to happen in that time. */
  pass(milliseconds: number): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Waits until all that can happen by itself has happened. */
  settle(): Promise<void>;
  /** What a user sees. */
  text(): string;
  /** The row of the screen, without what is blank at its right. */
  row(number: number): string;
  /** The first row that holds the text, by number; -1 when none does. */
  rowOf(text: string): number;
  cell(x: number, y: number): SeenCell;
}

/** What a terminal sends for a key's name; anything else is typed as it is. */
function bytesOf(key: string): string {
  return key === 'esc' ? LONE_ESC : (namedKeyBytes(key) ?? key);
}

/** Turns of the event loop without a byte after which nothing more comes by itself: React and Ink need a few. */
const QUIET_TURNS = 6;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Opens the UI as the composition root does, until the test ends. */
export async function openScreen(options: ScreenOptions = {}): Promise<TestScreen> {
  const { columns = 80, rows = 24 } = options;
  const port = options.port === null ? undefined : (options.port ?? scriptedPort());
  const terminal = virtualTerminal(columns, rows);
  const display = Object.assign(new EventEmitter(), { columns, rows }) as unknown as Display & EventEmitter;
  const typing = new EventEmitter();
  const keyboard: Keyboard = {
    listen: (take) => {
      typing.on('typed', take);
      return () => typing.off('typed', take);
    },
  };
  let written = Promise.resolve();
  let writes = 0;
  const output = {
    columns,
    rows,
    write: (text: string) => {
      writes += 1;
      written = written.then(() => show(terminal, text));
      return true;
    },
    once: () => undefined,
  };
  const surface = new Surface({ output, bce: true });
  const timing = new FakeTiming();
  const session: Session = {
    account: port?.account,
    credentialError: options.credentialError,
    readOnly: false,
    version: '0.1.0',
    refreshSeconds: 3,
    rowLimit: 20_000,
    tailMegabytes: 16,
    ...options.session,
  };
  const first: View = options.view ?? (port === undefined ? { kind: 'welcome' } : listView('pools', {}));
  const store = createAppStore(session, first);
  const listings = new Listings(compilePattern);
  const bugs: unknown[] = [];
  const asked = {
    visibleIds: () => idsOnScreen(listings, store.getState(), windowIn(surface.viewSize())),
    weighedIds: () => weighedIds(store.getState()),
  };
  const { management } = options;
  const joined = management === undefined ? port : joinPorts(port, management);
  const sources =
    joined === undefined
      ? undefined
      : new Sources({ store, port: joined, now: () => timing.now(), ...asked });
  const ownLists: OwnListContext = {
    store,
    now: () => timing.now(),
    management,
    dumps: () => services.host.dumps(),
    reopen: (account) => services.background(openManaged(services, account)),
  };
  const poller = new Poller({
    store,
    timing,
    sourceOf: (state) => ownListSource(ownLists, state) ?? sources?.of(state),
    onBug: (error) => bugs.push(error),
  });
  const copied: string[] = [];
  const opened: string[] = [];
  const saved = new Map<string, string>();
  let quits = 0;
  const services: Services = {
    store,
    port,
    management,
    listings,
    poller,
    timing,
    host: {
      ring: () => undefined,
      post: () => Promise.resolve(),
      editText: (text) => options.edit?.(text),
      editFile: (path) => void opened.push(path),
      dumps: () =>
        [...saved].map(([name, text]) => ({
          name,
          path: `/dumps/${name}`,
          size: text.length,
          modified: new Date(timing.now()),
        })),
      removeDump: (path) => saved.delete(path.replace('/dumps/', '')),
      runProgram: () => 0,
      runInBackground: () => Promise.resolve(0),
      publicKey: () => undefined,
      findFiles: async () => [],
      completePath: async () => [],
      createFile: () => Promise.reject(new Error('no test saves a file of the service here')),
      copy: (text) => void copied.push(text),
      saveFile: (name, text) => {
        saved.set(name, text);
        return `/dumps/${name}`;
      },
      viewSize: () => surface.viewSize(),
      screenSize: () => ({ width: surface.sink.columns, height: surface.sink.rows }),
      suspend: () => undefined,
      redraw: () => surface.invalidate(),
      quit: () => {
        quits += 1;
      },
      openAccount: (name) => void opened.push(name),
    },
    background: (work) => void work.catch((error: unknown) => flashError(store, error)),
  };
  const palette = new Palette('true');
  const ourTime = () => timing.now();
  const context: ScreenContext = {
    services,
    painting: createPainting(palette, listings, ourTime, () => serviceNow(services)),
    runCommand: (text) => runPromptCommand(services, text),
    suggest: (text) => completeCommand(services, text),
  };
  const drawing = startDrawing(context, surface, palette, display);
  drawing.showChrome(startChrome);
  const stopKeys = readKeys(context, surface, keyboard);
  poller.start();
  const meter: TrafficMeter = { total: 240, perMinute: () => 12 };
  const onBeat = () => surface.schedule();
  const stopHeartbeat = startHeartbeat({ store, port, meter, timing, onBeat });

  const settle = async (): Promise<void> => {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet += 1) {
      const before = writes;
      await turn();
      if (writes !== before) quiet = 0;
    }
    await written;
    if (bugs.length > 0) throw bugs[0];
  };
  onTestFinished(() => {
    stopHeartbeat();
    poller.stop();
    stopKeys();
    drawing.stop();
    surface.close();
  });
  await settle();
  const lines = () =>
    screenText(terminal)
      .split('\n')
      .map((line) => line.trimEnd());
  return {
    services,
    store,
    context,
    timing,
    surface,
    copied,
    opened,
    saved,
    hasQuit: () => quits > 0,
    settle,
    async press(...keys) {
      for (const key of keys) {
        typing.emit('typed', Buffer.from(bytesOf(key)));
        await settle();
      }
    },
    async pass(milliseconds) {
      await timing.pass(milliseconds, settle);
    },
    async resize(width, height) {
      Object.assign(display, { columns: width, rows: height });
      terminal.resize(width, height);
      display.emit('resize');
      await settle();
    },
    text: () => lines().join('\n'),
    row: (number) => lines()[number] ?? '',
    rowOf: (text) => lines().findIndex((line) => line.includes(text)),
    cell: (x, y) => cellAt(terminal, x, y),
  };
}
