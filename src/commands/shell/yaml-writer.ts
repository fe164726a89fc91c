import { stringify } from 'yaml';
import type { Output } from './context.ts';
import type { RowWriter } from './row-writers.ts';

/** A YAML sequence, one element a row; or the one row alone. */
export function yamlWriter(output: Output, alone: boolean): RowWriter {
  let count = 0;
  return {
    async page(rows) {
      count += rows.length;
      await output.write(rows.map((row) => stringify(alone ? row : [row], { lineWidth: 0 })).join(''));
    },
    async end() {
      if (count === 0 && !alone) await output.write('[]\n');
    },
  };
}
