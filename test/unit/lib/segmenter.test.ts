import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { QuickSegmenter } from '../../../src/lib/segmenter.ts';

const OPTIONS = { granularity: 'grapheme' } as const;
const real = new Intl.Segmenter(undefined, OPTIONS);
const quick = new QuickSegmenter(undefined, OPTIONS);

/** Single characters and what joins them, so that both ways are taken. */
const PIECES = [
  'a',
  ' ',
  '…',
  '│',
  '↑',
  '日',
  '\u001b',
  '[1m',
  '\r',
  '\n',
  '\t',
  'e\u0301',
  '👍🏽',
  '🇩🇪',
  '한',
  '\ue000',
];
const texts = fc.oneof(
  fc.array(fc.constantFrom(...PIECES)).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary' }),
);

const plain = ({ segment, index }: { readonly segment: string; readonly index: number }) => [segment, index];

describe('the quick segmenter', () => {
  it('cuts every text as Intl.Segmenter does', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect([...quick.segment(text)].map(plain)).toEqual([...real.segment(text)].map(plain));
      }),
    );
  });

  it('keeps the two characters that end a line together', () => {
    expect([...quick.segment('a\r\nb')].map(plain)).toEqual([...real.segment('a\r\nb')].map(plain));
  });

  it('finds the cluster of a place as Intl.Segmenter does', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: -2, max: 12 }), (text, place) => {
        const [ours, theirs] = [quick, real].map((each) => each.segment(text).containing(place));
        expect(ours && plain(ours)).toEqual(theirs && plain(theirs));
      }),
    );
  });

  it('does not ask Intl.Segmenter about text whose characters stand alone', () => {
    const asked = vi.spyOn(Intl.Segmenter.prototype, 'segment');
    onTestFinished(() => asked.mockRestore());
    const segmenter = new QuickSegmenter(undefined, OPTIONS);
    expect([...segmenter.segment('\u001b[1mName…\u001b[0m')]).toHaveLength(13);
    expect(asked).not.toHaveBeenCalled();
    expect([...segmenter.segment('👍🏽')]).toHaveLength(1);
    expect(asked).toHaveBeenCalledOnce();
  });
});
