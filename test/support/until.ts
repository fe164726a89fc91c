const GIVE_UP_MS = 90_000;
const PAUSE_MS = 10;

/** Asks again until the answer satisfies, and gives it; fails with the last answer when it never does. */
export async function until<T>(ask: () => Promise<T> | T, satisfied: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + GIVE_UP_MS;
  for (;;) {
    const answer = await ask();
    if (satisfied(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
