import type { Handlers } from './context.ts';
import { DIALOG_HANDLERS } from './dialog-handlers.ts';
import { FORM_HANDLERS } from './form-handlers.ts';
import { GLOBAL_HANDLERS } from './global-handlers.ts';
import { NODE_MAP_HANDLERS } from './node-map-handlers.ts';
import { PLACE_HANDLERS } from './place-handlers.ts';
import { PROMPT_HANDLERS } from './prompt-handlers.ts';
import { RESOURCE_HANDLERS } from './resource-handlers.ts';
import { STORAGE_HANDLERS } from './storage-handlers.ts';
import { TABLE_HANDLERS } from './table-handlers.ts';
import { TEXT_HANDLERS } from './text-handlers.ts';

/** What each binding of the key table does. */
export const HANDLERS: Handlers = {
  ...GLOBAL_HANDLERS,
  ...TABLE_HANDLERS,
  ...RESOURCE_HANDLERS,
  ...STORAGE_HANDLERS,
  ...NODE_MAP_HANDLERS,
  ...TEXT_HANDLERS,
  ...PLACE_HANDLERS,
  ...PROMPT_HANDLERS,
  ...DIALOG_HANDLERS,
  ...FORM_HANDLERS,
};
