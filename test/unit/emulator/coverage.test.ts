import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HANDLERS } from '../../../emulator/handlers/index.ts';
import { COVERAGE } from '../../../emulator/http/coverage.ts';
import { ROUTES } from '../../../emulator/http/routes.ts';

describe('what is said of the operations', () => {
  it('is that exactly those are refused that nobody answers', () => {
    const refused = ROUTES.filter(({ id }) => COVERAGE[id].level === 'refused').map(({ id }) => id);
    const unanswered = ROUTES.filter(({ id }) => HANDLERS[id] === undefined).map(({ id }) => id);
    expect(refused).toEqual(unanswered);
  });

  it('has a reason wherever an operation is not all that it is on the service', () => {
    const silent = ROUTES.filter(
      ({ id }) => COVERAGE[id].level !== 'real' && COVERAGE[id].remark === undefined,
    );
    expect(silent).toEqual([]);
  });

  it('leads to parts of the page that are there', () => {
    const page = readFileSync(new URL('../../../docs/emulator.md', import.meta.url), 'utf8');
    const anchors = [...page.matchAll(/^## (.+)$/gm)].map(([, title = '']) =>
      title.toLowerCase().replaceAll(' ', '-'),
    );
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !anchors.includes(link ?? ''))).toEqual([]);
  });
});
