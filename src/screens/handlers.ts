import type { Handlers } from './context.ts';
import { DIALOG_HANDLERS } from './handlers/dialog-handlers.ts';
import { FIND_HANDLERS } from './handlers/find-handlers.ts';
import { FORM_HANDLERS } from './handlers/form-handlers.ts';
import { GLOBAL_HANDLERS } from './handlers/global-handlers.ts';
import { LINE_HANDLERS } from './handlers/line-handlers.ts';
import { NODE_MAP_HANDLERS } from './handlers/node-map-handlers.ts';
import { NODE_OF_HANDLERS } from './handlers/node-of-handlers.ts';
import { PLACE_HANDLERS } from './handlers/place-handlers.ts';
import { PROMPT_HANDLERS } from './handlers/prompt-handlers.ts';
import { RESOURCE_HANDLERS } from './handlers/resource-handlers.ts';
import { STORAGE_HANDLERS } from './handlers/storage-handlers.ts';
import { TABLE_HANDLERS } from './handlers/table-handlers.ts';
import { TEXT_HANDLERS } from './handlers/text-handlers.ts';

/** What each binding of the key table does. */
export const HANDLERS: Handlers = {
  ...GLOBAL_HANDLERS,
  ...TABLE_HANDLERS,
  ...RESOURCE_HANDLERS,
  ...STORAGE_HANDLERS,
  ...LINE_HANDLERS,
  ...NODE_OF_HANDLERS,
  ...NODE_MAP_HANDLERS,
  ...FIND_HANDLERS,
  ...TEXT_HANDLERS,
  ...PLACE_HANDLERS,
  ...PROMPT_HANDLERS,
  ...DIALOG_HANDLERS,
  ...FORM_HANDLERS,
};
