import type { BatchPort, ManagementPort } from '../../src/api/port.ts';
import { compilePattern } from '../../src/lib/pattern.ts';
import { type AppStore, createAppStore } from '../../src/store/app-store.ts';
import { Listings } from '../../src/store/listing.ts';
import type { Notice } from '../../src/store/notice.ts';
import type { Services } from '../../src/store/services.ts';
import type { Slide } from '../../src/store/sources/source.ts';
import type { Session, View } from '../../src/store/state.ts';
import { listView } from '../../src/store/views.ts';
import { FakeTiming } from './fake-timing.ts';
import { ACCOUNT, type ScriptedPort, scriptedPort } from './scripted-port.ts';

export interface StoreKit {
  readonly services: Services;
  readonly store: AppStore;
  readonly port: ScriptedPort;
  readonly timing: FakeTiming;
  readonly copied: string[];
  /** What the user was called for. */
  readonly rung: string[];
  /** What the webhook was told. */
  readonly posted: Notice[];
  /** Files that were saved, by name. */
  readonly saved: Map<string, string>;
  /** How often the poller was told to ask again. */
  refreshes(): number;
  /** How often more was asked for. */
  mores(): number;
  /** Where in a long list it was told to go. */
  readonly slides: Slide[];
  /** Waits for the work that goes on by itself, and fails with what it failed with. */
  done(): Promise<void>;
}

export interface StoreKitOptions {
  readonly port?: Partial<BatchPort>;
  /** The plane that manages accounts; none unless given. */
  readonly management?: ManagementPort;
  readonly view?: View;
  readonly session?: Partial<Session>;
  readonly height?: number;
  edit?(text: string, fileName: string): string | undefined;
  /** What the webhook makes of it. */
  onPost?(): Promise<void>;
}

/** The store with everything its actions need, without a screen. */
export function storeKit(options: StoreKitOptions = {}): StoreKit {
  const port = scriptedPort(options.port);
  const session: Session = {
    account: ACCOUNT,
    credentialError: undefined,
    readOnly: false,
    version: '0.1.0',
    refreshSeconds: 3,
    rowLimit: 20_000,
    tailMegabytes: 16,
    ...options.session,
  };
  const store = createAppStore(session, options.view ?? listView('tasks', { job: 'myjob' }));
  const timing = new FakeTiming();
  const copied: string[] = [];
  const rung: string[] = [];
  const posted: Notice[] = [];
  const saved = new Map<string, string>();
  const work: Promise<void>[] = [];
  let refreshes = 0;
  let mores = 0;
  const slides: Slide[] = [];
  const services: Services = {
    store,
    port,
    management: options.management,
    timing,
    listings: new Listings(compilePattern),
    poller: {
      refresh: () => {
        refreshes += 1;
      },
      more: () => {
        mores += 1;
      },
      slide: (to) => void slides.push(to),
    },
    host: {
      editText: (text, fileName) => options.edit?.(text, fileName),
      editFile: () => undefined,
      dumps: () => [],
      removeDump: () => false,
      runProgram: () => 0,
      runInBackground: () => Promise.resolve(0),
      publicKey: () => undefined,
      findFiles: async () => [],
      completePath: async () => [],
      createFile: () => Promise.reject(new Error('no test saves a file of the service here')),
      copy: (text) => void copied.push(text),
      ring: (text) => void rung.push(text),
      post: async (notice) => {
        posted.push(notice);
        await options.onPost?.();
      },
      saveFile: (name, text) => {
        saved.set(name, text);
        return `/dumps/${name}`;
      },
      screenSize: () => ({ width: 80, height: 24 }),
      viewSize: () => ({ width: 80, height: options.height ?? 20 }),
      suspend: () => undefined,
      redraw: () => undefined,
      quit: () => undefined,
      openAccount: () => undefined,
    },
    background: (promise) => void work.push(promise),
  };
  return {
    services,
    store,
    port,
    timing,
    copied,
    rung,
    posted,
    saved,
    refreshes: () => refreshes,
    mores: () => mores,
    slides,
    done: async () => {
      await Promise.all(work.splice(0));
    },
  };
}

/** Lets what waits for promises go on, a few steps deep. */
export async function steps(count = 20): Promise<void> {
  for (let index = 0; index < count; index += 1) await Promise.resolve();
}

/** A promise that the test settles. */
export function deferred<T>(): {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
} {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
