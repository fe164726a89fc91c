import { type Instant, toTimestamp } from '../clock.ts';
import type { Engine } from '../engine/engine.ts';
import { BatchFault, invalidProperty } from '../errors.ts';
import { doneReply } from '../http/reply.ts';
import { type BatchRequest, pathParameter } from '../http/request.ts';
import type { NodeUser } from '../model/entities.ts';
import { usableNode } from './nodes.ts';
import { bodyOf, type Handler } from './service.ts';
import { nodeUrl } from './views.ts';

/** How long a user lasts when nothing is said: a day, in microseconds. */
const DEFAULT_LIFE = 24 * 3600 * 1_000_000;

interface UserBody {
  readonly name: string;
  readonly isAdmin?: boolean;
  readonly expiryTime?: string;
}

/**
 * A node's extra users are names on record until they are deleted: one that has expired can no longer log in, but
 * the node still knows it, and the time may lie in the past from the start. No account is made on this machine,
 * nobody can log in by one, and no password is kept.
 */
export const addUser: Handler = (engine, request) => {
  const record = usableNode(engine, request);
  const now = engine.world.clock.now();
  const { name, isAdmin = false, expiryTime } = bodyOf<UserBody>(request);
  if (name.trim() === '') throw invalidProperty('name', name, 'The value cannot be empty');
  const { users = [] } = record;
  if (users.some((each) => sameName(each, name))) throw new BatchFault('NodeUserExists');
  const user: NodeUser = { name, isAdmin, expiryTime: expiryTime ?? expiryAfter(now) };
  engine.world.nodes.put({ ...record, users: [...users, user] });
  const location = `${nodeUrl(request, record.poolId, record.node.id)}/users/${name}`;
  return { status: request.route.success, headers: { Location: location, DataServiceId: location } };
};

/** What is not said is set to its default. */
export const updateUser: Handler = (engine, request) => {
  const { record, user, others } = findUser(engine, request);
  const { expiryTime = expiryAfter(engine.world.clock.now()) } = bodyOf<UserBody>(request);
  engine.world.nodes.put({ ...record, users: [...others, { ...user, expiryTime }] });
  return doneReply(request);
};

export const deleteUser: Handler = (engine, request) => {
  const { record, others } = findUser(engine, request);
  engine.world.nodes.put({ ...record, users: others });
  return { status: request.route.success };
};

function findUser(engine: Engine, request: BatchRequest) {
  const record = usableNode(engine, request);
  const name = pathParameter(request, 'userName');
  const { users = [] } = record;
  const user = users.find((each) => sameName(each, name));
  if (user === undefined) throw new BatchFault('NodeUserNotFound');
  return { record, user, others: users.filter((each) => each !== user) };
}

function expiryAfter(now: Instant): string {
  return toTimestamp(now + DEFAULT_LIFE);
}

function sameName(user: NodeUser, name: string): boolean {
  return user.name.toLowerCase() === name.toLowerCase();
}
