/** What a file of `skins/` may hold. */
import * as v from 'valibot';
import { isColour } from '../lib/colour.ts';
import { unionMessage, YES_NO } from './schema.ts';

const COLOUR = v.pipe(
  v.union([v.string(), v.number()], 'must be a colour'),
  v.custom<`#${string}`>(
    (value) => (typeof value === 'string' || typeof value === 'number') && isColour(value),
    'is no colour: #rrggbb, 0 to 255, or a name such as red or brightblue',
  ),
  v.title('colour'),
);

const STYLE = v.strictObject({
  fg: v.optional(COLOUR),
  bg: v.optional(COLOUR),
  bold: v.optional(YES_NO),
  dim: v.optional(YES_NO),
  italic: v.optional(YES_NO),
  underline: v.optional(YES_NO),
  inverse: v.optional(YES_NO),
});

/** `skins/NAME.yaml`: the entry of a role; a colour alone is its foreground. */
export const ROLE_STYLE = v.pipe(
  v.union([COLOUR, STYLE], (issue) =>
    unionMessage(issue, 'must be a colour, or fg, bg, bold, dim, italic, underline and inverse'),
  ),
  v.transform((value) => (typeof value === 'object' ? value : { fg: value })),
);

export const SKIN_BASE = v.picklist(['dark', 'light'], 'must be dark or light');
