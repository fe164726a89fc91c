import type { Role } from '../components/palette.ts';
import type { Listing } from '../store/listing.ts';
import type { AppState } from '../store/state.ts';
import { keyFor } from './key-table.ts';

/** What a list that is read once says while nothing is found, and which key stops it or reads it again. */
export function onceEmpty(
  state: AppState,
  { feed, resource }: Listing,
): readonly (readonly [role: Role, text: string])[] {
  const note = feed.note === undefined ? '' : ` ${feed.note}`;
  if (feed.isAtRest !== true) {
    return [
      ['busy', `looking for ${resource.name}: none yet,${note}`],
      ['dim', `${keyFor(state, 'app.back')} stops`],
    ];
  }
  const found = feed.isStopped === true ? `no ${resource.name} yet,${note}` : `no ${resource.name}${note}`;
  return [
    ['plain', found],
    ['dim', `${keyFor(state, 'app.refresh')} ${feed.isStopped === true ? 'reads it again' : 'looks again'}`],
  ];
}
