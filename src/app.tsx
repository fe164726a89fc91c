/**
 * Composition root of the terminal UI: joins the port, the store, the screens and the terminal, and takes them
 * apart again. The only place that knows all of them.
 */
import type { AccountAccess, BatchPort, ManagementPort, TrafficMeter } from './api/port.ts';
import { completeCommand } from './commands/complete.ts';
import { type OwnListContext, ownListSource } from './commands/own-lists.ts';
import { runPromptCommand } from './commands/prompt.ts';
import { Palette } from './components/palette.ts';
import { azbPaths } from './config/paths.ts';
import { startDrawing } from './drawing.ts';
import { createHost } from './host.ts';
import { type AzbError, formatError } from './lib/errors.ts';
import { keepHeapSmall } from './lib/heap.ts';
import { compilePattern } from './lib/pattern.ts';
import { colourDepth } from './lib/style.ts';
import { followSettings, keepMemory, recallMemory, tellProblems } from './live-settings.ts';
import type { ScreenContext } from './screens/context.ts';
import type { InputEvent } from './screens/dispatch.ts';
import { windowIn } from './screens/list-window.ts';
import { createPainting } from './screens/painting.ts';
import { isTooSmall } from './screens/too-small.ts';
import { TypeAhead } from './screens/type-ahead.ts';
import { type AppStore, createAppStore } from './store/create.ts';
import { untilFirstAnswer } from './store/first-look.ts';
import { flash, flashError } from './store/flash.ts';
import { startHeartbeat } from './store/heartbeat.ts';
import { idsOnScreen, Listings, weighedIds } from './store/listing.ts';
import { joinPorts } from './store/managed-port.ts';
import { openManaged } from './store/open-account.ts';
import { Poller, type Timing } from './store/poller.ts';
import type { Services } from './store/services.ts';
import { Sources } from './store/sources.ts';
import type { Session } from './store/state.ts';
import { listView } from './store/views.ts';
import { KeyReader } from './terminal/keys.ts';
import { TerminalScreen } from './terminal/screen.ts';
import { erasesWithBackground, Surface } from './terminal/surface.ts';
import type { UiSettings } from './ui-settings.ts';

export interface AppOptions {
  /** Undefined shows how to get an account. */
  readonly port: (BatchPort & { readonly meter?: TrafficMeter }) | undefined;
  readonly credentialError?: AzbError;
  /** The plane that manages accounts. */
  readonly management?: ManagementPort;
  readonly settings: UiSettings;
  /** Reads the settings again when a file has changed; without it they stay as they are. */
  readonly reload?: () => Promise<UiSettings>;
  /** Told of the account that the user wants to go to, and of what opens it, right before this session ends. */
  readonly openNext?: (account: string, access: AccountAccess | undefined) => void;
  /** A `:` command that is run at the start. */
  readonly command?: string;
  readonly version: string;
  /** What the user should be told once it is known; shown as a warning. */
  readonly notices?: Promise<readonly string[]>;
}

/** Runs the terminal UI until the user quits, and gives the exit code. Standard input must be a terminal. */
export async function runApp(options: AppOptions): Promise<number> {
  const { stdin, stdout } = process;
  const surface = new Surface({ output: stdout, bce: erasesWithBackground(process.env.TERM) });
  const screen = new TerminalScreen({
    stdin,
    stdout,
    process,
    onReturn: () => surface.invalidate(),
    describeError: formatError,
  });
  const paths = azbPaths(process.env);
  const { settings } = options;
  const { preferences } = settings;
  const memory = await recallMemory(paths.stateFile);
  const store = createAppStore(
    sessionOf(options),
    options.port === undefined ? { kind: 'welcome' } : listView('pools', {}),
    { preferences, memory },
  );
  store.setState({ headerShown: !settings.headless });
  const end = ending();
  const host = createHost({
    screen,
    surface,
    env: process.env,
    dumpFolder: paths.dumpFolder,
    write: (text) => void stdout.write(text),
    quit: () => end.resolve(0),
    openAccount: (name, access) => {
      options.openNext?.(name, access);
      end.resolve(0);
    },
  });
  const timing = systemTiming();
  const listings = new Listings(compilePattern);
  const asked = {
    visibleIds: () => idsOnScreen(listings, store.getState(), windowIn(surface.viewSize())),
    weighedIds: () => weighedIds(store.getState()),
  };
  const { management } = options;
  // Without an account there is still what can be managed.
  const port = management === undefined ? options.port : joinPorts(options.port, management);
  const sources = port === undefined ? undefined : new Sources({ store, port, now: timing.now, ...asked });
  const ownLists: OwnListContext = {
    store,
    now: timing.now,
    management,
    dumps: () => host.dumps(),
    reopen: (account) => services.background(openManaged(services, account)),
  };
  const poller = new Poller({
    store,
    timing,
    sourceOf: (state) => ownListSource(ownLists, state) ?? sources?.of(state),
    onBug: (error) => end.reject(error),
  });
  const services: Services = {
    store,
    port: options.port,
    management,
    listings,
    poller,
    host,
    timing,
    background: (work) => void work.catch((error: unknown) => flashError(store, error)),
  };
  const palette = new Palette(colourDepth(process.env, stdout.isTTY));
  palette.wear(preferences.skins[preferences.skin] ?? {});
  const context: ScreenContext = {
    services,
    painting: createPainting(palette, listings, timing.now),
    runCommand: (text) => runPromptCommand(services, text),
    suggest: (text) => completeCommand(services, text),
  };
  screen.enter();
  const drawing = startDrawing(context, surface, palette, stdout);
  const stopKeys = readKeys(context, surface, stdin);
  openFirstView(context, options);
  tellProblems(store, settings, paths.configFolder);
  services.background(showNotices(store, options.notices));
  const stopMemory = keepMemory(store, timing, paths.stateFile, settings.restoreView);
  const { reload } = options;
  const stopSettings =
    reload === undefined
      ? undefined
      : followSettings({ store, timing, folder: paths.configFolder, settings, reload });
  // Ink and the SDK take longer to load than the view to be drawn. The SDK comes first, so that rows are on the screen
  // before the chrome is, and a service that is far away answers while Ink loads.
  surface.paintNow();
  poller.start();
  await untilFirstAnswer(store, options.port?.meter, timing);
  surface.paintNow();
  const { startChrome } = await import('./chrome-ink.tsx');
  keepHeapSmall();
  drawing.showChrome(startChrome);
  surface.paintNow();
  const stopHeartbeat = startHeartbeat({
    store,
    port: options.port,
    meter: options.port?.meter,
    timing,
    onBeat: () => surface.schedule(),
  });
  try {
    return await end.promise;
  } finally {
    stopHeartbeat();
    stopSettings?.();
    stopMemory();
    poller.stop();
    stopKeys();
    drawing.stop();
    surface.close();
    screen.leave();
  }
}

function sessionOf(options: AppOptions): Session {
  return {
    account: options.port?.account,
    credentialError: options.credentialError,
    readOnly: options.settings.readOnly,
    readOnlyReason: options.settings.readOnlyReason,
    version: options.version,
    refreshSeconds: options.settings.refreshSeconds,
    rowLimit: options.settings.rowLimit,
    tailMegabytes: options.settings.tailMegabytes,
  };
}

/** Where keys come from. */
export type Keyboard = Pick<NodeJS.ReadStream, 'on' | 'off' | 'resume' | 'pause'>;

/** Every key of a read is handled before one paint: typed-ahead keys all count. */
export function readKeys(context: ScreenContext, surface: Surface, stdin: Keyboard): () => void {
  const typeAhead = new TypeAhead(context);
  const handle = (events: ReturnType<KeyReader['feed']>) => {
    for (const event of events) {
      // Nobody deletes a pool by a question that the terminal is too small to show.
      if (isTooSmall(surface.sink.columns, surface.sink.rows)) quitOn(context, event);
      else typeAhead.take(event);
    }
    if (events.length > 0) surface.paintNow();
  };
  const reader = new KeyReader({ onTimeout: handle });
  const onData = (chunk: Buffer) => handle(reader.feed(chunk));
  stdin.on('data', onData);
  stdin.resume();
  const unsubscribe = context.services.store.subscribe(() => typeAhead.release());
  return () => {
    unsubscribe();
    stdin.off('data', onData);
    stdin.pause();
  };
}

/** The only key of a terminal that is too small. */
function quitOn({ services }: ScreenContext, event: InputEvent): void {
  if (event.kind === 'key' && event.key === 'ctrl-c') services.host.quit();
}

async function showNotices(store: AppStore, notices: AppOptions['notices']): Promise<void> {
  const texts = (await notices) ?? [];
  if (texts.length > 0) flash(store, 'warn', texts.join('; '));
}

/** The command that was asked for, or else the list that was open when azb ended. */
function openFirstView(context: ScreenContext, { port, command, settings }: AppOptions): void {
  const { store } = context.services;
  if (command !== undefined) runFirstCommand(context, command);
  else if (settings.restoreView && port !== undefined) {
    const last = store.getState().memory.lastViews[port.account.name];
    if (last === undefined || last === 'pools') return;
    const below = store.getState().views;
    runFirstCommand(context, last);
    const { views } = store.getState();
    if (views !== below) store.setState({ views: [...below, ...views], past: [] });
  }
}

function runFirstCommand({ services, runCommand }: ScreenContext, command: string): void {
  try {
    runCommand(command);
  } catch (error) {
    flashError(services.store, error);
  }
}

interface Ending {
  readonly promise: Promise<number>;
  resolve(code: number): void;
  reject(error: unknown): void;
}

/** A promise that others settle: the user by quitting, a bug by happening. */
function ending(): Ending {
  const parts: Partial<Ending> = {};
  const promise = new Promise<number>((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return Object.assign(parts, { promise }) as Ending;
}

function systemTiming(): Timing {
  return {
    now: Date.now,
    random: Math.random,
    setTimer: (run, milliseconds) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  };
}
