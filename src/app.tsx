/**
 * Composition root of the terminal UI: joins the port, the store, the screens and the terminal, and takes them
 * apart again. The only place that knows all of them.
 */
import type { AccountAccess, BatchPort, ManagementPort, TrafficMeter } from './api/port.ts';
import { completeCommand } from './commands/complete.ts';
import { type OwnListContext, ownListSource } from './commands/own-lists.ts';
import { runPromptCommand } from './commands/prompt.ts';
import { Palette } from './components/palette.ts';
import { type AzbPaths, azbPaths } from './config/paths.ts';
import { startDrawing } from './drawing.ts';
import { type Ending, ending } from './ending.ts';
import { createHost } from './host.ts';
import { type AzbError, formatError } from './lib/errors.ts';
import {
  collectOnce,
  compileShortFunctions,
  growHeapSlowly,
  keepNewSpaceSmall,
  tidyHeapOnce,
} from './lib/heap.ts';
import { compilePattern } from './lib/pattern.ts';
import { colourDepth } from './lib/style.ts';
import { followSettings, keepMemory, recallMemory, tellProblems } from './live-settings.ts';
import { withUsageOfOthers } from './quotas-of-others.ts';
import { readKeys } from './read-keys.ts';
import type { ScreenContext } from './screens/context.ts';
import type { InputEvent } from './screens/dispatch.ts';
import { windowIn } from './screens/list-window.ts';
import { createPainting } from './screens/painting.ts';
import { openManaged } from './store/actions/open-account.ts';
import { type AppStore, createAppStore } from './store/app-store.ts';
import { untilFirstAnswer } from './store/first-look.ts';
import { flash, flashError } from './store/flash.ts';
import { startHeartbeat } from './store/heartbeat.ts';
import type { Host } from './store/host.ts';
import { idsOnScreen, Listings, weighedIds } from './store/listing.ts';
import { joinPorts } from './store/managed-port.ts';
import { Poller, systemTiming } from './store/poller.ts';
import { type ReachAccount, type Services, serviceNow } from './store/services.ts';
import { Sources } from './store/sources/sources.ts';
import type { Session, View } from './store/state.ts';
import { listView } from './store/views.ts';
import { keepWatch } from './store/watches.ts';
import { keyboardOf } from './terminal/keyboard.ts';
import { TerminalScreen } from './terminal/screen.ts';
import { erasesWithBackground, Surface } from './terminal/surface.ts';
import type { UiSettings } from './ui-settings.ts';

export interface AppOptions {
  /** Undefined shows how to get an account. */
  readonly port: (BatchPort & { readonly meter?: TrafficMeter }) | undefined;
  readonly credentialError?: AzbError;
  /** The plane that manages accounts. */
  readonly management?: ManagementPort;
  /** Opens an account beside the one in use, to count what it has. */
  readonly connect?: (access: AccountAccess) => BatchPort;
  /** The port to an account other than the one in use, by its name. */
  readonly reach?: ReachAccount;
  readonly settings: UiSettings;
  /** Reads the settings again when a file has changed; without it they stay as they are. */
  readonly reload?: () => Promise<UiSettings>;
  /** Told of the account that the user wants to go to, and of what opens it, right before this session ends. */
  readonly openNext?: (account: string, access: AccountAccess | undefined) => void;
  /** Keys that came for the session after the one before: taken at the start, and those for the next one left at the end. */
  readonly typedAhead?: InputEvent[];
  /** The terminal as the session before left it: taken at the start, and left for the next one at the end. */
  readonly terminal?: { screen?: TerminalScreen | undefined };
  /** A `:` command that is run at the start. */
  readonly command?: string;
  readonly version: string;
  /** What the user should be told once it is known; shown as a warning. */
  readonly notices?: Promise<readonly string[]>;
}

/** The file descriptor of standard input. */
const STDIN = 0;

/** Runs the terminal UI until the user quits, and gives the exit code. Standard input must be a terminal. */
export async function runApp(options: AppOptions): Promise<number> {
  const { stdout } = process;
  const end = ending();
  const paths = azbPaths(process.env);
  const store = await openStore(options, paths);
  const session = assemble(options, store, end, paths);
  const { surface, screen, poller, context, palette } = session;
  screen.enter();
  const drawing = startDrawing(context, surface, palette, stdout);
  openFirstView(context, options);
  const keys = {
    before: options.typedAhead?.splice(0) ?? [],
    hasEnded: () => end.isOver(),
  };
  const stopKeys = readKeys(context, surface, keyboardOf(STDIN), keys);
  const stopKeeping = keepInStep(options, session, paths);
  const { timing } = context.services;
  // Ink and the SDK take longer to load than the view to be drawn. The SDK comes first, so that rows are on the screen
  // before the chrome is, and a service that is far away answers while Ink loads.
  surface.paintNow();
  poller.start();
  await untilFirstAnswer(store, options.port?.meter, timing);
  surface.paintNow();
  keepNewSpaceSmall();
  drawing.showChrome((await import('./chrome-ink.tsx')).startChrome);
  surface.paintNow();
  growHeapSlowly();
  compileShortFunctions();
  tidyHeapOnce();
  collectOnce();
  const stopHeartbeat = startHeartbeat({
    store,
    port: options.port,
    meter: options.port?.meter,
    timing,
    onBeat: () => surface.schedule(),
    onWake: () => poller.refresh(),
  });
  const { host } = context.services;
  const stopWatches = keepWatch({ store, port: options.port, timing, host });
  try {
    return await end.promise;
  } finally {
    stopHeartbeat();
    stopWatches();
    stopKeeping();
    poller.stop();
    options.typedAhead?.push(...stopKeys());
    drawing.stop();
    surface.close();
    if (options.terminal?.screen === screen) screen.handOn();
    else screen.leave();
  }
}

/** The state that a session begins with. */
async function openStore(options: AppOptions, { stateFile }: AzbPaths): Promise<AppStore> {
  const { port, settings } = options;
  const memory = await recallMemory(stateFile);
  const view: View = port === undefined ? { kind: 'welcome' } : listView('pools', {});
  const store = createAppStore(sessionOf(options), view, { preferences: settings.preferences, memory });
  store.setState({ headerShown: !settings.headless, crumbsShown: !settings.crumbless });
  return store;
}

/** What a session consists of, joined and not yet begun. */
interface Parts {
  readonly surface: Surface;
  readonly screen: TerminalScreen;
  readonly palette: Palette;
  readonly poller: Poller;
  readonly context: ScreenContext;
}

function assemble(options: AppOptions, store: AppStore, end: Ending, paths: AzbPaths): Parts {
  const { stdin, stdout, env } = process;
  const surface = new Surface({ output: stdout, bce: erasesWithBackground(env.TERM) });
  const onReturn = () => surface.invalidate();
  const screen =
    options.terminal?.screen ??
    new TerminalScreen({ stdin, stdout, process, onReturn, describeError: formatError });
  screen.onReturn = onReturn;
  if (options.terminal !== undefined) options.terminal.screen = undefined;
  const host = createHost({
    screen,
    surface,
    env,
    dumpFolder: paths.dumpFolder,
    notify: () => store.getState().preferences.notify,
    post: async (webhook, notice) => (await import('./api/wire/webhook.ts')).postWebhook(webhook, notice),
    write: (text) => void stdout.write(text),
    quit: () => end.resolve(0),
    openAccount: (name, access) => {
      options.openNext?.(name, access);
      if (options.terminal !== undefined) options.terminal.screen = screen;
      end.resolve(0);
    },
  });
  const { services, poller } = joinServices(options, store, end, host);
  const palette = new Palette(colourDepth(env, stdout.isTTY));
  const { skins, skin } = options.settings.preferences;
  palette.wear(skins[skin] ?? {});
  const { listings, timing } = services;
  const context: ScreenContext = {
    services,
    painting: createPainting(palette, listings, timing.now, () => serviceNow(services)),
    runCommand: (text) => runPromptCommand(services, text),
    suggest: (text) => completeCommand(services, text),
  };
  return { surface, screen, palette, poller, context };
}

/** Joins the store to the service: what polls, and what the actions work with. */
function joinServices(
  { port, management: plane, connect, reach }: AppOptions,
  store: AppStore,
  end: Ending,
  host: Host,
): { services: Services; poller: Poller } {
  const timing = systemTiming();
  const listings = new Listings(compilePattern, () => serviceNow(services));
  const asked = {
    visibleIds: () => idsOnScreen(listings, store.getState(), windowIn(host.viewSize())),
    weighedIds: () => weighedIds(store.getState()),
  };
  const warn = (line: string) => flash(store, 'warn', line);
  const management = plane && connect ? withUsageOfOthers(plane, connect, warn) : plane;
  // Without an account there is still what can be managed.
  const planes = management === undefined ? port : joinPorts(port, management);
  const sources =
    planes === undefined ? undefined : new Sources({ store, port: planes, now: timing.now, ...asked });
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
    port,
    management,
    reach,
    listings,
    poller,
    host,
    timing,
    background: (work) => void work.catch((error: unknown) => flashError(store, error)),
  };
  return { services, poller };
}

/** Keeps azb's memory in step with the UI, and the UI with the user's files. Gives what ends it. */
function keepInStep(
  { settings, reload, notices }: AppOptions,
  { context }: Parts,
  paths: AzbPaths,
): () => void {
  const { store, timing, background } = context.services;
  tellProblems(store, settings, paths.configFolder);
  background(showNotices(store, notices));
  const stopMemory = keepMemory(store, timing, paths.stateFile, settings.restoreView);
  const stopSettings =
    reload && followSettings({ store, timing, folder: paths.configFolder, settings, reload });
  return () => {
    stopSettings?.();
    stopMemory();
  };
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
