import { describeError } from '../lib/errors.ts';
import type { AppStore } from './app-store.ts';
import type { Flash } from './state.ts';

/** Shows one line at the bottom; the newest wins. */
export function flash(store: AppStore, level: Flash['level'], text: string): void {
  store.setState((state) => ({ flash: { level, text, serial: (state.flash?.serial ?? 0) + 1 } }));
}

/**
 * Shows what went wrong, with the next step; `about` names what did. The one place where the UI words an error for the
 * flash line.
 */
export function flashError(store: AppStore, error: unknown, about?: string): void {
  const described = describeError(error);
  const { details, next } = described;
  const message = about === undefined ? described.message : `${about}: ${described.message}`;
  const reason = details.find((detail) => detail.startsWith('Reason: '));
  const parts = [message, reason, next === undefined ? undefined : `try: ${next}`];
  flash(store, 'error', parts.filter((part) => part !== undefined).join(' – '));
}
