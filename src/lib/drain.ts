/** Does work on all that is in a queue, some at a time, and puts back what could not be done. Rejects with the first error. */
export async function drain<T>(
  queue: T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
  goesOn: () => boolean,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    while (failure === undefined && goesOn()) {
      const item = queue.shift();
      if (item === undefined) return;
      try {
        await work(item);
      } catch (error) {
        queue.unshift(item);
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (failure !== undefined) throw failure.error;
}
