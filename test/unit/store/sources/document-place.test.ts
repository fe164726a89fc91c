import { describe, expect, test } from 'vitest';
import { UnreachableError } from '../../../../src/lib/errors.ts';
import { costlyInterval, DocumentPlace } from '../../../../src/store/sources/document-place.ts';
import { whyView } from '../../../../src/store/views.ts';
import { storeKit } from '../../../support/store-kit.ts';

const VIEW = whyView('jobs', {}, 'myjob');

function placeIn(refreshSeconds = 3) {
  const { store, port, timing } = storeKit({ view: VIEW, session: { refreshSeconds } });
  const context = { store, port, now: () => timing.now() };
  return { store, context, place: new DocumentPlace(context, VIEW) };
}

describe('the place of a document', () => {
  test('keeps what was found when a later look fails, and says so', () => {
    const { place } = placeIn();
    expect(place.get().status).toBe('loading');
    place.ready({ entity: { id: 'myjob' }, summary: undefined });
    const error = new UnreachableError('no answer');
    place.failed(error);
    expect(place.get()).toMatchObject({ entity: { id: 'myjob' }, error });
    place.ready({ entity: { id: 'myjob' }, summary: undefined });
    expect(place.get()).toMatchObject({ status: 'ready', error: undefined });
  });

  test('is empty again when its source is not needed any more', () => {
    const { store, place } = placeIn();
    place.ready({ entity: { id: 'myjob' }, summary: undefined });
    place.forget();
    expect(store.getState().documents).toEqual({});
  });

  test.each([
    [2, 5000],
    [60, 60_000],
  ])('is looked at as seldom as its cost and the user want: with a refresh of %i s', (seconds, expected) => {
    expect(costlyInterval(placeIn(seconds).context, 5000)).toBe(expected);
  });
});
