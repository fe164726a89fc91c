import { UsageError } from '../lib/errors.ts';
import { type ActionArguments, type ActionCall, defined, need, textArgument } from './adapter.ts';

/**
 * Accounts on a node for people. The service has no list of them: whoever adds one keeps its name.
 * @see https://learn.microsoft.com/rest/api/batchservice/compute-node/add-user
 */
export const nodeUserActions: Readonly<Record<'addUser' | 'updateUser' | 'deleteUser', ActionCall>> = {
  addUser: (transport, scope, id, args, signal) => {
    const user = {
      name: nameOf(args),
      isAdmin: args.isAdmin === true || args.isAdmin === 'yes',
      ...login(args),
    };
    const pool = need(scope, 'pool', 'nodes');
    return transport.call((client, options) => client.computeNode.addUser(pool, id, user, options), signal);
  },
  updateUser: (transport, scope, id, args, signal) => {
    const pool = need(scope, 'pool', 'nodes');
    return transport.call(
      (client, options) => client.computeNode.updateUser(pool, id, nameOf(args), login(args), options),
      signal,
    );
  },
  deleteUser: (transport, scope, id, args, signal) => {
    const pool = need(scope, 'pool', 'nodes');
    return transport.call(
      (client, options) => client.computeNode.deleteUser(pool, id, nameOf(args), options),
      signal,
    );
  },
};

function nameOf(args: ActionArguments): string {
  const name = textArgument(args, 'name');
  if (name === undefined) throw new UsageError('a user of a node needs a name');
  return name;
}

/** A user logs in by key or by password, until a time that is a day away when none is given. */
function login(args: ActionArguments) {
  const expiry = textArgument(args, 'expiryTime');
  return defined({
    expiryTime: expiry === undefined ? undefined : new Date(expiry),
    password: textArgument(args, 'password'),
    sshPublicKey: textArgument(args, 'sshPublicKey'),
  });
}
