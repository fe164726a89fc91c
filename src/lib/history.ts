/** Commands and filters that are remembered of each. */
export const HISTORY = 200;
