import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";

/** What the stack says of itself once it serves: see docs/local-stack.md. */
export interface Ready {
  page_url: string;
  api_url: string;
  control_url: string;
  supabase_url: string;
  supabase_secret_key: string;
}

declare module "vitest" {
  interface ProvidedContext {
    ready: Ready;
  }
}

export const ROOT = resolve(import.meta.dirname, "../../../..");
const START_TIMEOUT_MS = 180_000;
// A complete phase that a test can wait for, and that still takes long enough to be watched.
const PARAMETERS = ["IntermediateLimit=nodes 5000", "CompleteLimit=nodes 20000", "PositionCacheTtlS=0"];

/** Starts the whole system with the built page, once for all files. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // While writing tests: one's own stack, started with --ready-file.
  const given = process.env.KNIGHT_VISION_READY_FILE;
  if (given) {
    project.provide("ready", JSON.parse(readFileSync(given, "utf8")) as Ready);
    return () => Promise.resolve();
  }
  const folder = mkdtempSync(join(tmpdir(), "knight-vision-web-"));
  const readyFile = join(folder, "ready.json");
  const parameters = PARAMETERS.flatMap((parameter) => ["--param", parameter]);
  const stack = spawn(
    ".venv/bin/python",
    ["-m", "infra.local", "up", "--web", "clients/web/dist", "--ready-file", readyFile, ...parameters],
    { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] },
  );
  let errors = "";
  stack.stderr.on("data", (text) => (errors += String(text)));
  const stop = async (): Promise<void> => {
    await ended(stack);
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!existsSync(readyFile)) {
    if (stack.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`The local stack did not start:\n${errors}`);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  project.provide("ready", JSON.parse(readFileSync(readyFile, "utf8")) as Ready);
  return stop;
}

function ended(process: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (process.exitCode !== null) {
      done();
      return;
    }
    process.once("exit", () => done());
    process.kill("SIGTERM");
  });
}
