import { AzbError, describeError, ServiceError } from '../../lib/errors.ts';
import { shortId } from '../../lib/short-id.ts';
import { checkHours, checkUserName } from '../../resources/node-actions.ts';
import type { Entity, Field, FormValues, Operation } from '../../resources/types.ts';
import { sameWord } from '../../resources/wire.ts';
import { flash } from '../flash.ts';
import { openForm } from '../forms/forms.ts';
import type { PublicKey } from '../host.ts';
import { portOf, type Services, serviceNow } from '../services.ts';
import { checkJumpHost, type SshTarget, sshArguments } from './ssh-command.ts';
import { isStillHere, loadSubject, type Subject, subjectHere, whileBusy } from './subject.ts';

const HOUR = 3_600_000;

interface LoginSettings {
  readonly remoteLoginIPAddress?: string;
  readonly remoteLoginPort?: number;
}

/** How a node can be reached, each way with the words that the form offers it by. */
interface Ways {
  readonly public: SshTarget | undefined;
  readonly private: SshTarget | undefined;
  /** Why there is no public way. */
  readonly note: string | undefined;
}

/** Asks how to log in to the node under the cursor, then gives the terminal to ssh. */
export function startSsh(services: Services): void {
  const { store, host } = services;
  const subject = subjectHere(services);
  const key = host.publicKey();
  if (subject === undefined) flash(store, 'warn', 'there is no node under the cursor');
  else if (key === undefined) {
    flash(store, 'warn', 'there is no public key in ~/.ssh to log in with: ssh-keygen makes one');
  } else services.background(openSshForm(services, subject, key));
}

async function openSshForm(services: Services, subject: Subject, key: PublicKey): Promise<void> {
  const { id, scope } = subject;
  const node = await loadSubject(services, subject);
  const { state } = node as { state?: string };
  if (!sameWord(state, 'idle') && !sameWord(state, 'running')) {
    flash(services.store, 'warn', `only an idle or running node takes users, and this one is ${state}`);
    return;
  }
  const ways = await waysTo(services, subject, node);
  if (!isStillHere(services, subject)) return;
  if (ways.public === undefined && ways.private === undefined) {
    throw new AzbError(`${ways.note}, and the service does not say its private address`);
  }
  openForm(services, {
    title: `ssh to node ${shortId(id)}`,
    resource: subject.resource.name,
    scope,
    action: { name: 'ssh', id, verb: 'Log in' },
    fields: sshFields(ways),
    note: ways.note,
    work: (values) => logIn(services, subject, ways, key, values),
  });
}

/** The address that the pool maps to the node's port 22, and the one inside its network. */
async function waysTo(services: Services, subject: Subject, node: Entity): Promise<Ways> {
  const { ipAddress } = node as { ipAddress?: string };
  const inside = ipAddress === undefined ? undefined : { address: ipAddress, port: 22 };
  const question = { ...operationOn(subject), action: 'remoteLoginSettings' };
  try {
    const answer = await whileBusy(services, () =>
      portOf(services).ask(question, new AbortController().signal),
    );
    const { remoteLoginIPAddress: address, remoteLoginPort: port } = answer as LoginSettings;
    if (address !== undefined && port !== undefined) {
      return { public: { address, port }, private: inside, note: undefined };
    }
    return { public: undefined, private: inside, note: notMapped() };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status >= 500) throw error;
    return { public: undefined, private: inside, note: notMapped(error.message) };
  }
}

function notMapped(reason?: string): string {
  const why = reason === undefined ? '' : ` (${reason})`;
  return (
    `The pool maps no port 22 to its nodes${why}: only its private address is left, which works from inside ` +
    'its network or through a jump host. An inbound NAT pool for port 22 must be asked for when a pool is made.'
  );
}

function wayText(kind: 'public' | 'private', target: SshTarget): string {
  return `${kind} ${target.address}:${target.port}`;
}

function sshFields(ways: Ways): Field[] {
  const choices = (['public', 'private'] as const).flatMap((kind) => {
    const target = ways[kind];
    return target === undefined ? [] : [wayText(kind, target)];
  });
  return [
    { name: 'way', label: 'Address', kind: 'choice', initial: choices[0] ?? '', choices },
    {
      name: 'jump',
      label: 'Jump host',
      kind: 'text',
      initial: '',
      hint: 'user@host in the same network; empty: directly',
      shown: ({ way = '' }) => way.startsWith('private'),
      check: checkJumpHost,
    },
    {
      name: 'name',
      label: 'User',
      kind: 'text',
      initial: 'azb',
      hint: 'made with your public key, and removed when ssh ends',
      check: checkUserName,
    },
    { name: 'isAdmin', label: 'Administrator', kind: 'flag', initial: 'yes', hint: 'may use sudo' },
    {
      name: 'hours',
      label: 'Hours',
      kind: 'integer',
      initial: '8',
      hint: 'until the service removes the user, should azb not be able to',
      check: checkHours,
    },
  ];
}

/** Makes the user, lets ssh have the terminal, and removes the user whatever ssh did. */
async function logIn(
  services: Services,
  subject: Subject,
  ways: Ways,
  key: PublicKey,
  values: FormValues,
): Promise<void> {
  const { way = '', name = '', jump = '', isAdmin, hours } = values;
  const target = way.startsWith('public') ? ways.public : ways.private;
  if (target === undefined) throw new Error(`there is no way ${way}`);
  const port = portOf(services);
  const { signal } = new AbortController();
  const expiryTime = new Date(serviceNow(services) + Number(hours) * HOUR).toISOString();
  const user = { name, isAdmin, expiryTime, sshPublicKey: key.text };
  await port
    .act({ ...operationOn(subject), action: 'addUser', args: user }, signal)
    .catch(explainTaken(name));
  services.store.setState({ overlay: undefined });
  try {
    const status = services.host.runProgram(
      'ssh',
      sshArguments({ user: name, target, jump, identityFile: key.identityFile, node: subject.id }),
    );
    // 255 is ssh's own failure; anything else is what the last command on the node ended with.
    if (status === 255)
      flash(services.store, 'error', `ssh could not log in to ${target.address}:${target.port}`);
    else flash(services.store, 'info', `ssh ended; the user ${name} is removed from the node`);
  } finally {
    await removeUser(services, subject, name, expiryTime);
  }
}

async function removeUser(services: Services, subject: Subject, name: string, until: string): Promise<void> {
  const operation = { ...operationOn(subject), action: 'deleteUser', args: { name } };
  try {
    await portOf(services).act(operation, new AbortController().signal);
  } catch (error) {
    throw new AzbError(
      `the user ${name} is still on the node until ${until}: ${describeError(error).message}`,
      {
        next: 'u removes a user',
        cause: error,
      },
    );
  }
}

/** Somebody may be logged in as that user: it is not ours to change or to remove. */
function explainTaken(name: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof ServiceError && error.code === 'NodeUserExists') {
      throw new AzbError(`the node has a user ${name} already`, {
        next: 'take another name, or remove that user with u',
        cause: error,
      });
    }
    throw error;
  };
}

function operationOn({ resource, scope, id }: Subject): Omit<Operation, 'action'> {
  return { resource: resource.name, scope, id };
}
