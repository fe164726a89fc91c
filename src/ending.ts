/** The end of a session, which somebody brings about. */
export interface Ending {
  readonly promise: Promise<number>;
  isOver(): boolean;
  resolve(code: number): void;
  reject(error: unknown): void;
}

/** A promise that others settle: the user by quitting, a bug by happening. */
export function ending(): Ending {
  let isOver = false;
  const ends =
    <T>(settle: (value: T) => void) =>
    (value: T) => {
      isOver = true;
      settle(value);
    };
  const parts: Partial<Ending> = {};
  const promise = new Promise<number>((resolve, reject) => {
    Object.assign(parts, { resolve: ends(resolve), reject: ends(reject) });
  });
  return Object.assign(parts, { promise, isOver: () => isOver }) as Ending;
}
