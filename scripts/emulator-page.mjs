// The parts of docs/emulator.md that are made from the emulator's own tables. Everything else there is written by hand.
import { code, table } from './markdown.mjs';

/** What stands around a part that is made, so that it can be made again. */
const begin = (name) => `<!-- begin ${name}: written by \`npm run docs\` from emulator/ -->`;
const end = (name) => `<!-- end ${name} -->`;

function operationLines(routes, coverage) {
  const counts = ['real', 'simplified', 'refused'].map((level) => {
    const number = routes.filter(({ id }) => coverage[id].level === level).length;
    return `${number} ${level}`;
  });
  const rows = [...routes]
    .sort((a, b) => (a.path === b.path ? 0 : a.path < b.path ? -1 : 1))
    .map(({ id, method, path }) => {
      const { level, remark = '' } = coverage[id];
      return [code(`${method} ${path}`), code(id), level === 'real' ? level : `**${level}**`, remark];
    });
  const summary = `${routes.length} operations: ${counts.join(', ')}.`;
  return [summary, '', ...table(['Request', 'Operation', '', 'What to know'], rows)];
}

/** Operations that are answered with 501 are named in one line; nobody looks for what to know of them. */
function managementLines(routes) {
  const served = routes.filter(({ handle }) => handle !== undefined);
  const refused = routes.filter(({ handle }) => handle === undefined);
  return [
    `${served.length} operations are served:`,
    '',
    ...table(
      ['Request', 'Operation', 'What to know'],
      served.map(({ id, method, path, remark = '' }) => [
        code(`${method} ${shortened(path)}`),
        code(id),
        remark,
      ]),
    ),
    '',
    `${refused.length} are refused with 501: ${refused.map(({ id }) => code(id)).join(', ')}.`,
  ];
}

function blobLines(operations) {
  const names = operations.map(code).join(', ');
  return [
    `\`--fault\` calls the operations of the Blob service as its logs do: ${names}.`,
    '',
    'Where Batch answers 429 there, storage answers 503 `ServerBusy`: it knows no other way to turn somebody away.',
  ];
}

/** Paths of Azure Resource Manager are long, and mostly the same. */
function shortened(path) {
  return path
    .replace(/.*\/batchAccounts\/\{account\}/, 'ACCOUNT')
    .replace(/.*\/locations\/\{location\}/, 'LOCATION')
    .replace('/subscriptions/{subscription}', 'SUBSCRIPTION');
}

/** The page with its made parts made anew. @throws Error when the page has no place for one of them. */
export function emulatorPage(page, { ARM_ROUTES, BLOB_OPERATIONS, ROUTES, COVERAGE, USAGE }) {
  const parts = {
    options: ['```text', ...USAGE.trimEnd().split('\n'), '```'],
    operations: operationLines(ROUTES, COVERAGE),
    management: managementLines(ARM_ROUTES),
    'blob-operations': blobLines(BLOB_OPERATIONS),
  };
  return Object.entries(parts).reduce((text, [name, lines]) => {
    const from = text.indexOf(begin(name));
    const to = text.indexOf(end(name));
    if (from < 0 || to < from) throw new Error(`docs/emulator.md has no place for its ${name}`);
    return `${text.slice(0, from)}${[begin(name), '', ...lines, '', ''].join('\n')}${text.slice(to)}`;
  }, page);
}
