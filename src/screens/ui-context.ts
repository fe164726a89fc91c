import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Palette } from '../components/palette.ts';
import type { AppStore } from '../store/app-store.ts';
import type { AppState } from '../store/state.ts';

/** What every part of the chrome needs. */
export interface Ui {
  readonly store: AppStore;
  readonly palette: Palette;
  /** The whole terminal, in cells. */
  readonly columns: number;
  readonly rows: number;
}

export const UiContext = createContext<Ui | undefined>(undefined);

/** @throws Error outside of the context, which is a mistake of azb. */
export function useUi(): Ui {
  const ui = useContext(UiContext);
  if (ui === undefined) throw new Error('the chrome was rendered outside its context');
  return ui;
}

/** Selects narrowly: the part is rendered again only when what it selects is another value. */
export function useAppState<T>(select: (state: AppState) => T): T {
  return useStore(useUi().store, select);
}
