import { DEFAULT_SETTINGS, type Settings } from './settings.ts';

/** How the user is to be called: a word says how it rings, a section also whom else to tell. */
export function notifyOf({ notify }: Pick<Settings, 'notify'>): {
  readonly ring: 'bell' | 'desktop' | 'off';
  readonly webhook?: string | undefined;
} {
  if (typeof notify === 'string') return { ring: notify };
  return { ring: notify.ring ?? DEFAULT_RING, webhook: notify.webhook };
}

const DEFAULT_RING = DEFAULT_SETTINGS.notify as 'bell';
