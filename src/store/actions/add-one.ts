import { isTurnedAway, ServiceError, UnreachableError } from '../../lib/errors.ts';
import { resourceNamed } from '../../resources/registry.ts';
import type { Entity, Scope } from '../../resources/types.ts';
import { portOf, type Services, serviceNow } from '../services.ts';

/** What two clocks may differ by, in milliseconds. */
const LEEWAY = 5000;

/**
 * Adds one thing. Where a failure does not tell whether it came before or after the thing was added, the service is asked
 * what there is: another try would only hear that it exists already.
 */
export async function addOne(
  services: Services,
  resource: string,
  scope: Scope,
  body: Entity,
): Promise<void> {
  const began = serviceNow(services) - LEEWAY;
  try {
    await portOf(services).add(resource, scope, body, new AbortController().signal);
  } catch (error) {
    if (!leavesDoubt(error) || !(await isNewSince(services, resource, scope, body, began))) throw error;
  }
}

/** The service broke down over it, or its answer never came. */
function leavesDoubt(error: unknown): boolean {
  if (isTurnedAway(error)) return false;
  return error instanceof UnreachableError || (error instanceof ServiceError && error.status >= 500);
}

async function isNewSince(
  services: Services,
  name: string,
  scope: Scope,
  body: Entity,
  began: number,
): Promise<boolean> {
  const resource = resourceNamed(name);
  const { signal } = new AbortController();
  const found: { readonly creationTime?: string } | undefined = await portOf(services)
    .get(name, scope, resource.idOf(body), signal)
    .catch(() => undefined);
  return found?.creationTime !== undefined && Date.parse(found.creationTime) >= began;
}
