import { mkdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type AccountKeys, createKey } from './account-key.ts';
import type { Clock } from './clock.ts';
import { answerControl, isControl } from './control/answer.ts';
import { Engine } from './engine/engine.ts';
import type { Quotas } from './engine/world.ts';
import { HANDLERS } from './handlers/index.ts';
import { checkPoolDefinition } from './handlers/pools.ts';
import { notYet } from './handlers/service.ts';
import type { Faults } from './http/faults.ts';
import { type Answered, answer, type PipelineOptions } from './http/pipeline.ts';
import type { BatchRequest } from './http/request.ts';
import { createTaskToken, readTaskToken, type TokenScope } from './http/task-token.ts';
import { ApplicationCatalog } from './packages/application-catalog.ts';
import { notesOfRun, Watchdog } from './runner/index.ts';
import type { AutoStorage } from './storage/auto-storage.ts';
import { Database } from './store/database.ts';

/** What the data planes of all accounts of an emulator have in common. */
export interface DataPlaneSettings {
  readonly host: string;
  readonly clock: Clock;
  readonly speed: number;
  readonly quotas: Quotas;
  readonly acceptsTokens: boolean;
  readonly transferIdleMs: number;
  readonly outputBytes: number;
  readonly connections: number;
  readonly faults: Faults;
  /** Whether the state goes at the end. */
  readonly temporary: boolean;
  readonly reportProblem: (problem: unknown) => void;
  readonly onAnswered?: ((answered: Answered) => void) | undefined;
}

/** What makes one account's data plane another than the next one's. */
export interface DataPlaneAccount {
  readonly name: string;
  readonly keys: AccountKeys;
  /** Directory of the account's records, nodes and packages. */
  readonly directory: string;
  /** 0 stands for any free port. */
  readonly port: number;
  /** The one of this moment. */
  readonly autoStorage: AutoStorage | undefined;
  /** Why no shared key opens the account; undefined when one does. */
  readonly refusesKeys: () => string | undefined;
}

/** Answers requests that are not about the account's own data plane. */
export interface Neighbour {
  isMeant(message: IncomingMessage): boolean;
  answer(message: IncomingMessage, response: ServerResponse): Promise<Answered>;
}

/** The Batch service of one account: an engine, and a server that listens for it. */
export interface DataPlane {
  /** `http://host:port`, no slash at the end. */
  readonly endpoint: string;
  readonly port: number;
  readonly engine: Engine;
  /** Resolves with the reason if it has to stop by itself, since its state cannot be kept any more. */
  readonly failed: Promise<Error>;
  /** Answers at the same address what the neighbour says is meant for it. */
  house(neighbour: Neighbour): void;
  /** Stops listening and kills all tasks. With `removing` the account's directory goes too. */
  close(removing?: boolean): Promise<void>;
}

/** Most bytes of a request's line and headers together; a longer one is answered with 431. */
const MOST_HEADER_BYTES = 32 * 1024;

/** Starts the data plane of an account. Rejects when the port is taken or the data cannot be opened. */
export async function startDataPlane(
  settings: DataPlaneSettings,
  account: DataPlaneAccount,
): Promise<DataPlane> {
  const { directory } = account;
  await mkdir(directory, { recursive: true });
  // Tokens live as long as the tasks that they are given to, which end with this program.
  const tokenSecret = createKey();
  const processNotes = notesOfRun(join(directory, 'processes'));
  const removed = settings.temporary ? directory : undefined;
  const nodes = join(directory, 'nodes');
  const watchdog = new Watchdog({ processes: processNotes, temporary: removed, nodes });
  const server = createServer({ maxHeaderSize: MOST_HEADER_BYTES });
  server.maxConnections = settings.connections;
  let database: Database | undefined;
  try {
    await listen(server, account.port, settings.host);
    const endpoint = endpointOf(server, settings.host);
    const records = new Database(join(directory, 'state'), !settings.temporary);
    database = records;
    const engine = await Engine.start({
      ...worldOf(settings, account, endpoint),
      database: records,
      applications: await ApplicationCatalog.open(join(directory, 'applications')),
      processNotes,
      taskToken: (scope) => createTaskToken(tokenSecret, scope),
      get autoStorage() {
        return account.autoStorage;
      },
    });
    const neighbours: Neighbour[] = [];
    const options = pipelineOf(settings, account, endpoint, engine, tokenSecret);
    serve(server, engine, options, neighbours, settings.onAnswered);
    const failed = failureOf(records, engine, server);
    const close = async (removing = settings.temporary) => {
      await stopListening(server);
      await engine.close();
      if (removing) await rm(directory, { recursive: true, force: true });
      watchdog.dismiss();
    };
    const { port } = server.address() as AddressInfo;
    return { endpoint, port, engine, failed, house: (neighbour) => neighbours.push(neighbour), close };
  } catch (error) {
    server.close();
    await database?.close();
    if (settings.temporary) await rm(directory, { recursive: true, force: true });
    watchdog.dismiss();
    throw error;
  }
}

/** Resolves with the reason when the records cannot be kept any more, and ends what goes by them. */
function failureOf(records: Database, engine: Engine, server: Server): Promise<Error> {
  return new Promise((resolve) => {
    records.onFailure((failure) => {
      // What memory says may never have been kept: nobody is to see it.
      engine.world.close();
      server.close();
      server.closeAllConnections();
      resolve(failure);
    });
  });
}

/** What the engine goes by that nothing has to be opened for. */
function worldOf(settings: DataPlaneSettings, account: DataPlaneAccount, endpoint: string) {
  const { clock, speed, quotas, transferIdleMs, outputBytes, reportProblem } = settings;
  return {
    clock,
    speed,
    quotas,
    transferIdleMs,
    outputBytes,
    reportProblem,
    directory: account.directory,
    account: account.name,
    accountUrl: () => endpoint,
    checkPool: checkPoolDefinition,
  };
}

function pipelineOf(
  settings: DataPlaneSettings,
  account: DataPlaneAccount,
  endpoint: string,
  engine: Engine,
  tokenSecret: string,
): PipelineOptions {
  return {
    account: account.name,
    get keys() {
      return account.keys.values();
    },
    refusesKeys: account.refusesKeys,
    acceptsTokens: settings.acceptsTokens,
    scopeOf: (token) => scopeOf(engine, tokenSecret, token),
    clock: settings.clock,
    endpoint: () => endpoint,
    handle: (request) => handle(engine, request),
    settled: () => engine.world.database.committed(),
    reportProblem: settings.reportProblem,
    faults: settings.faults,
  };
}

function handle(engine: Engine, request: BatchRequest) {
  const handler = HANDLERS[request.route.id];
  if (handler === undefined) throw notYet(`the operation ${request.route.id}`);
  return handler(engine, request);
}

/** A task's token is worth something as long as its job is there. */
function scopeOf(engine: Engine, secret: string, token: string): TokenScope | undefined {
  const scope = readTaskToken(secret, token);
  const job = scope === undefined ? undefined : engine.world.jobs.get(scope.jobId);
  return job?.number === scope?.jobNumber ? scope : undefined;
}

function serve(
  server: Server,
  engine: Engine,
  options: PipelineOptions,
  neighbours: readonly Neighbour[],
  onAnswered: ((answered: Answered) => void) | undefined,
): void {
  const respond = (message: IncomingMessage, response: ServerResponse) => {
    if (isControl(message)) return answerControl(options, engine, message, response);
    const neighbour = neighbours.find((each) => each.isMeant(message));
    return neighbour === undefined ? answer(options, message, response) : neighbour.answer(message, response);
  };
  // Clients keep connections open between polls; closing first would race with their next request.
  server.keepAliveTimeout = 65_000;
  server.on('request', (message, response) => {
    engine.world.guard(async () => {
      const answered = await respond(message, response);
      onAnswered?.({ ...answered, url: withoutSignature(answered.url) });
    });
  });
}

/** Who keeps the log must not be able to use what was signed for others, wherever it was sent to. */
function withoutSignature(url: string): string {
  return url.replace(/([?&]sig=)[^&]*/gi, '$1…');
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((fulfil, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      fulfil();
    });
  });
}

function endpointOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  // Nobody can connect to "any address"; clients on this machine use the loopback.
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function stopListening(server: Server): Promise<void> {
  return new Promise((fulfil) => {
    server.close(() => fulfil());
    server.closeAllConnections();
  });
}
