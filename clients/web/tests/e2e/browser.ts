import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, onTestFailed } from "vitest";
import { ROOT } from "./local-stack";

const ARGUMENTS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const PASSWORD = "correct horse battery";

let browser: Browser;
let user = 0;

/** A browser for all tests of a file. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ARGUMENTS });
  });
  afterAll(() => browser.close());
}

export interface Visit {
  page: Page;
  email: string;
  /** Whatever the page complained of: each test says which of it was meant. */
  complaints: string[];
  /** Origins that were asked for something. */
  origins: Set<string>;
}

/** A new tab, with nobody signed in. */
export async function visit(options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: "light", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const seen: Visit = { page, email: `web-${Date.now()}-${++user}@example.com`, complaints: [], origins: new Set() };
  page.on("console", (message) => {
    if (message.type() === "error") seen.complaints.push(message.text());
  });
  page.on("pageerror", (error) => seen.complaints.push(error.message));
  page.on("request", (request) => {
    if (request.url().startsWith("http")) seen.origins.add(new URL(request.url()).origin);
  });
  onTestFailed(async () => {
    await page.screenshot({ path: "/tmp/knight-vision-web-failed.png" }).catch(() => undefined);
  });
  await page.goto(inject("ready").page_url);
  return seen;
}

/** A new tab of a new user. */
export async function signedUp(options: BrowserContextOptions = {}): Promise<Visit> {
  const seen = await visit(options);
  await seen.page.getByRole("button", { name: "New here" }).click();
  await enter(seen, "Sign up");
  return seen;
}

export async function enter({ page, email }: Visit, button: "Sign in" | "Sign up"): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.getByRole("heading", { name: "Your games", exact: true }).waitFor();
}

export function example(name: string): string {
  return readFileSync(join(ROOT, "examples", `${name}.pgn`), "utf8");
}

/** Paste a game; its review opens. */
export async function submit(page: Page, pgn: string): Promise<void> {
  await page.getByLabel(/paste PGN/).fill(pgn);
  await page.getByRole("button", { name: "Analyse" }).click();
  await page.locator("cg-board piece").first().waitFor();
}

/** Wait for the report of a phase. */
export async function phase(page: Page, name: "initial" | "intermediate" | "complete"): Promise<void> {
  await page.locator(`[role=progressbar][aria-label*="(${name}"][aria-valuenow="100"]`).waitFor({ timeout: 180_000 });
}

/** The last lines of a visit: nothing was asked of others, and the page complained of nothing. */
export function expectCalm({ complaints, origins }: Visit): void {
  expect(complaints).toEqual([]);
  const { page_url, api_url } = inject("ready");
  expect([...origins].filter((origin) => origin !== page_url && origin !== api_url)).toEqual([]);
}

/** Stop, kill, start, … a part of the stack: see docs/local-stack.md. */
export async function part(name: "valkey" | "supabase" | "schedules", action: "start" | "stop" | "pause" | "resume"): Promise<void> {
  const answer = await fetch(`${inject("ready").control_url}/parts/${name}/${action}`, { method: "POST" });
  expect(answer.ok).toBe(true);
}

/** Folder of the screenshots; those of the README are made anew on request only. */
export const IMAGES = resolve(ROOT, process.env.IMAGES ?? "out/images");
