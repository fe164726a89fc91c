import { expect } from 'vitest';
import type { TestScreen } from './frames.tsx';

/** The sizes at which every frame is looked at: the smallest common terminal, and a large one. */
export const SIZES = [
  [80, 24],
  [200, 50],
] as const;

/** Compares what a user sees with the file of this name and size in test/frames/__snapshots__. */
export async function expectFrame(screen: TestScreen, name: string): Promise<void> {
  const { columns, rows } = screen.surface.sink;
  await expect(`${screen.text()}\n`).toMatchFileSnapshot(
    `../frames/__snapshots__/${name}-${columns}x${rows}.txt`,
  );
}
