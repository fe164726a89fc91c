import { UsageError } from '../../lib/errors.ts';

/** Where ssh connects to. */
export interface SshTarget {
  readonly address: string;
  readonly port: number;
}

/** All that the command line of ssh is made of. */
export interface SshLogin {
  readonly user: string;
  readonly target: SshTarget;
  /** `user@host:port` of a machine on the way; empty for none. */
  readonly jump: string;
  /** The private key; ssh asks its agent when it cannot read it. */
  readonly identityFile: string;
  /** Id of the node: its host key is remembered under this name. */
  readonly node: string;
}

/** What is wrong with a jump host, or undefined. */
export function checkJumpHost(value: string): string | undefined {
  return value === '' || /^[\w][\w.@:[\],-]*$/.test(value) ? undefined : 'user@host or user@host:port';
}

/**
 * The arguments of ssh. Nodes share an address and change ports, so that a host key is remembered by the node's
 * id; by address, ssh would warn of an attack whenever a pool is resized.
 */
export function sshArguments({ user, target, jump, identityFile, node }: SshLogin): string[] {
  if (!/^[\w.:-]+$/.test(target.address)) {
    throw new UsageError(`the service gave an address that is none: ${target.address}`);
  }
  return [
    ...['-p', String(target.port)],
    ...['-i', identityFile],
    ...['-o', `HostKeyAlias=${node}`],
    ...(jump === '' ? [] : ['-J', jump]),
    '--',
    `${user}@${target.address}`,
  ];
}
