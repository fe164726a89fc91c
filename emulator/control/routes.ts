import { describeApplication, putPackage, removeApplication } from './applications.ts';
import { preempt } from './preemption.ts';
import type { ControlRoute } from './types.ts';

/** Where requests to the emulator itself are told from those to the service. */
export const CONTROL_PREFIX = '/_emulator/';

/** What can be asked of the emulator and not of the service, under {@link CONTROL_PREFIX}. */
export const CONTROL_ROUTES: readonly ControlRoute[] = [
  { method: 'PUT', path: /^applications\/([^/]+)\/versions\/([^/]+)$/, handle: putPackage },
  { method: 'PATCH', path: /^applications\/([^/]+)$/, handle: describeApplication },
  { method: 'DELETE', path: /^applications\/([^/]+)$/, handle: removeApplication },
  { method: 'POST', path: /^pools\/([^/]+)\/preempt$/, handle: preempt },
];
