import type { Binding, KeyScope } from '../keys/types.ts';
import { isOwnList, resourceNamed } from '../resources/registry.ts';
import type { AppState, View } from '../store/state.ts';
import { scopeOfResource } from './key-table.ts';

/** The key scopes of a view, the nearest first. */
export function viewScopes(view: View): readonly KeyScope[] {
  switch (view.kind) {
    case 'list':
      if (view.layout === 'map') return ['map', scopeOfResource(view.resource), 'table', 'global'];
      return [scopeOfResource(view.resource), 'table', 'global'];
    case 'text':
      return ['text', 'global'];
    case 'tail':
      return ['tail', 'text', 'global'];
    case 'help':
      return ['help', 'text', 'global'];
    case 'welcome':
      return ['global'];
  }
}

/** Whether a key can ever do something in a view: not every resource can be made, changed or deleted. */
export function isOffered(view: View, binding: Binding): boolean {
  // There is nothing to filter and nowhere to go back to while there is no account.
  if (view.kind === 'welcome') return binding.id !== 'app.filter' && binding.id !== 'app.back';
  if (view.kind === 'text' && binding.id === 'text.edit')
    return resourceNamed(view.resource).editable !== undefined;
  if (view.kind !== 'list') return binding.id !== 'text.edit';
  const resource = resourceNamed(view.resource);
  switch (binding.id) {
    case 'table.new':
      return resource.form !== undefined;
    case 'table.clone':
      return resource.form !== undefined && resource.copied !== undefined;
    case 'table.edit':
      return resource.editable !== undefined;
    case 'table.delete':
      return resource.actions.some((action) => action.name === 'delete');
    case 'table.wide':
      return view.layout !== 'map';
    case 'table.describe':
    case 'table.yaml':
      return !isOwnList(view.resource);
    default:
      return true;
  }
}

/** What a key does in a view, in a word or two: what filters a list finds in a text. */
export function helpOf(view: View, binding: Binding): string {
  return binding.id === 'app.filter' && view.kind !== 'list' ? 'Find' : binding.help;
}

/** The scopes that take the next key: a dialog or a prompt takes all of them. */
export function activeScopes(state: AppState): readonly KeyScope[] {
  if (state.overlay?.kind === 'form') return state.overlay.picker === undefined ? ['form'] : ['picker'];
  if (state.overlay !== undefined) return ['dialog'];
  if (state.prompt !== undefined) return ['prompt'];
  const view = state.views[state.views.length - 1];
  return view === undefined ? ['global'] : viewScopes(view);
}
