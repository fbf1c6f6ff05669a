import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/e2e/**/*.test.ts"],
    globalSetup: "tests/e2e/local-stack.ts",
    // One stack, one engine: files take turns.
    fileParallelism: false,
    // Generous: the machine may be busy with other things.
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 400_000,
    hookTimeout: 200_000,
  },
});
