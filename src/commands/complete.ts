import { Fzf } from 'fzf';
import { findResource, RESOURCES } from '../resources/registry.ts';
import type { Entity, Resource, Scope } from '../resources/types.ts';
import { areIdsKnown, knownIds, loadIds } from '../store/known-ids.ts';
import type { Services } from '../store/services.ts';
import type { AppState } from '../store/state.ts';
import { expandAliases } from './prompt.ts';
import { findCommand, PROMPT_COMMANDS } from './prompt-commands.ts';

const MOST = 50;

/**
 * What could be meant by what was typed so far, as {@link suggestCommands}; ids that nobody asked for yet are
 * asked for, and shown when they come.
 */
export function completeCommand(services: Services, text: string): readonly string[] {
  const { store } = services;
  for (const { resource, scope } of idLists(splitTyped(store.getState(), text))) {
    if (services.port === undefined || areIdsKnown(store.getState(), resource, scope)) continue;
    services.background(loadIds(services, resource, scope).then(() => suggestAgain(services)));
  }
  return suggestCommands(store.getState(), text);
}

function suggestAgain({ store }: Services): void {
  const { prompt } = store.getState();
  if (prompt?.kind !== 'command') return;
  const suggestions = suggestCommands(store.getState(), prompt.text);
  store.setState({ prompt: { ...prompt, suggestions, chosen: Math.min(prompt.chosen, suggestions.length) } });
}

/** What could be meant, best first: names, aliases, and live ids of the lists that are known. */
export function suggestCommands(state: AppState, text: string): readonly string[] {
  const typed = splitTyped(state, text);
  if (typed === undefined) return [];
  if (typed.before === '') return suggestNames(state, typed.last);
  const choices =
    findCommand(typed.name)?.complete?.(state) ??
    idLists(typed).flatMap(({ resource, scope }) => knownIds(state, resource, scope));
  return ranked([...new Set(choices)], typed.last)
    .filter((choice) => choice !== typed.last)
    .slice(0, MOST)
    .map((choice) => typed.before + choice);
}

interface Typed {
  /** The command: the first word, or what it is an alias of. */
  readonly name: string;
  /** The whole words between the command and the last one. */
  readonly operands: readonly string[];
  /** Everything before the word that is being typed. */
  readonly before: string;
  readonly last: string;
}

/** Undefined behind ` /`, where a filter is typed. */
function splitTyped({ preferences }: AppState, text: string): Typed | undefined {
  if (/\s\//.test(text)) return undefined;
  const match = /^(.*\s)?(\S*)$/.exec(text.trimStart());
  const before = match?.[1] ?? '';
  const whole = expandAliases(before, preferences.aliases);
  const [name = '', ...operands] = whole.split(/\s+/).filter((word) => word !== '');
  return { name, operands, before, last: match?.[2] ?? '' };
}

interface IdList {
  readonly resource: Resource<Entity>;
  readonly scope: Scope;
}

/** The lists whose ids the word that is being typed may be. */
function idLists(typed: Typed | undefined): IdList[] {
  if (typed === undefined || typed.before === '') return [];
  const resource = findResource(findCommand(typed.name)?.resource ?? typed.name);
  if (resource === undefined) return [];
  const at = typed.operands.length;
  return resource.scopes.flatMap((way) => {
    const part = way[at];
    const outer = way.slice(0, at);
    const owner = RESOURCES.find(
      (candidate) => candidate.part === part && candidate.scopes.some((scope) => sameParts(scope, outer)),
    );
    if (part === undefined || owner === undefined) return [];
    return [
      {
        resource: owner,
        scope: Object.fromEntries(outer.map((name, index) => [name, typed.operands[index]])),
      },
    ];
  });
}

function sameParts(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((part, index) => part === right[index]);
}

function suggestNames(state: AppState, typed: string): string[] {
  const names = [
    ...RESOURCES.map((resource) => resource.name),
    ...PROMPT_COMMANDS.flatMap((command) => command.names.slice(0, 1)),
    ...Object.keys(state.preferences.aliases),
  ];
  // A short alias means its resource, however little it looks like it: `po` is pools.
  const meant = findResource(typed)?.name;
  const found = [...(meant === undefined ? [] : [meant]), ...ranked(names, typed)];
  return [...new Set(found)].filter((name) => name !== typed.toLowerCase());
}

/** Those that begin with the text, in their order, then those that hold its letters, the best first. */
function ranked(choices: readonly string[], typed: string): string[] {
  if (typed === '') return [...choices];
  const lower = typed.toLowerCase();
  const starts = choices.filter((choice) => choice.toLowerCase().startsWith(lower));
  const rest = choices.filter((choice) => !choice.toLowerCase().startsWith(lower));
  const fuzzy = new Fzf(rest, { casing: 'case-insensitive', limit: MOST }).find(typed);
  return [...starts, ...fuzzy.map((entry: { readonly item: string }) => entry.item)];
}
