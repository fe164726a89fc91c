import { defineConfig } from 'vitest/config';

// `CI` makes Ink print nothing until it exits, so a frame test run under CI would see no frame.
delete process.env.CI;

export default defineConfig({
  // The React of NODE_ENV=production, which Ink needs to be quick, has no development JSX.
  oxc: { jsx: { runtime: 'automatic', development: false } },
  test: {
    globalSetup: ['test/support/build.mjs'],
    include: ['test/**/*.test.{ts,tsx}'],
    // No measure of anything: a test on a busy machine takes what it takes, one that hangs must end some day.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default'],
    env: { NODE_ENV: 'production', FORCE_COLOR: '3' },
  },
});
