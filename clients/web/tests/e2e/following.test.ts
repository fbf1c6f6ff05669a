import type { Page } from "playwright-core";
import { afterEach, expect, inject, test } from "vitest";
import { example, expectCalm, part, phase, signedUp, submit, useBrowser } from "./browser";

useBrowser();

interface Question {
  etag: string | undefined;
  answer: number;
}

/** Every question about a status from now on, with its answer. */
function questions(page: Page): Question[] {
  const asked: Question[] = [];
  page.on("response", (response) => {
    if (!response.url().endsWith("/analysis/status")) return;
    asked.push({ etag: response.request().headers()["if-none-match"], answer: response.status() });
  });
  return asked;
}

/** The service wants to be asked again after so many seconds, whatever it would have said. */
async function slowDown(page: Page, seconds: number): Promise<void> {
  await page.route(/enhanced-annotate|analysis\/status$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), "retry-after": String(seconds) } });
  });
}

async function refresh(page: Page): Promise<void> {
  const answered = page.waitForResponse(/analysis\/status$/);
  await page.getByRole("button", { name: "Refresh" }).click();
  await answered;
}

test("what has not changed is answered without a body, and the report is fetched once a phase", async () => {
  const seen = await signedUp();
  const { page } = seen;
  const asked = questions(page);
  let reports = 0;
  page.on("response", (response) => (reports += Number(response.url().endsWith("/analysis") && response.request().method() === "GET")));
  await hold();
  await submit(page, example("morphy-opera-1858"));
  for (let times = 0; times < 6; times++) await refresh(page);
  const [first, ...others] = asked;
  expect(first?.etag).toBeUndefined();
  expect(others.every(({ etag }) => etag?.startsWith('"'))).toBe(true);
  expect(others.filter(({ answer }) => answer === 304).length).toBeGreaterThanOrEqual(4);
  await letGo();
  await phase(page, "complete");
  expect(asked.every(({ answer }) => answer === 200 || answer === 304)).toBe(true);
  expect(reports).toBeGreaterThanOrEqual(1);
  expect(reports).toBeLessThanOrEqual(3);
  expectCalm(seen);
});

test("the page asks when the service lets it, sooner by hand only, and rarely while hidden", async () => {
  const seen = await signedUp();
  const { page } = seen;
  const asked = questions(page);
  await slowDown(page, 600);
  await hold();
  await submit(page, example("kasparov-topalov-1999"));
  await page.waitForTimeout(3_000);
  expect(asked).toHaveLength(0);
  await refresh(page);
  expect(asked).toHaveLength(1);
  await page.waitForTimeout(2_000);
  expect(asked).toHaveLength(1);

  await page.unrouteAll({ behavior: "wait" });
  await slowDown(page, 1);
  await refresh(page);
  await expect.poll(() => asked.length).toBeGreaterThanOrEqual(4); // once a second
  await page.evaluate(hide, true);
  await page.waitForTimeout(500); // what was under way is answered
  const before = asked.length;
  await page.waitForTimeout(5_000);
  expect(asked).toHaveLength(before);
  await page.evaluate(hide, false);
  await expect.poll(() => asked.length).toBeGreaterThan(before);
  await page.unrouteAll({ behavior: "ignoreErrors" });
  expectCalm(seen);
});

afterEach(letGo);

async function control<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${inject("ready").control_url}${path}`, { method, body: body === undefined ? null : JSON.stringify(body) });
  expect(answer.ok).toBe(true);
  return (await answer.json()) as T;
}

/** Whether any phase function is. */
async function isAtWork(): Promise<boolean> {
  const { functions } = await control<{ functions: Record<string, { busy: unknown[] }> }>("GET", "/state");
  return Object.entries(functions).some(([name, { busy }]) => name.includes("Phase") && busy.length > 0);
}

/** Nobody is called for work until `letGo`: an analysis that is asked for now stays where it is. */
async function hold(): Promise<void> {
  await expect.poll(isAtWork, { timeout: 60_000, interval: 500 }).toBe(false);
  await control("PUT", "/parts/bus/faults", { drop: 1 });
  await part("schedules", "pause");
}

/** The sweeper calls for what was left, as it does after lost calls. */
async function letGo(): Promise<void> {
  await control("PUT", "/parts/bus/faults", {});
  await part("schedules", "resume");
  for (let times = 0; times < 40; times++) {
    const { woken } = await control<{ woken: number }>("POST", "/functions/SweeperFunction/invocations", {});
    if (woken > 0 || (await isAtWork())) return;
    await new Promise((done) => setTimeout(done, 500));
  }
}

/** What a browser does to a tab that is left or looked at again; headless ones never do. */
function hide(isHidden: boolean): void {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => (isHidden ? "hidden" : "visible") });
  document.dispatchEvent(new Event("visibilitychange"));
}
