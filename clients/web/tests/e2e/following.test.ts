import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { example, expectCalm, signedUp, submit, useBrowser } from "./browser";

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
  await submit(page, example("kasparov-topalov-1999"));
  for (let times = 0; times < 20; times++) await refresh(page);
  const [first, ...others] = asked;
  expect(first?.etag).toBeUndefined();
  expect(others.every(({ etag }) => etag?.startsWith('"'))).toBe(true);
  const counts = { changed: asked.filter(({ answer }) => answer === 200).length, same: asked.filter(({ answer }) => answer === 304).length };
  console.log(`of ${asked.length} questions ${counts.same} were answered with 304, and ${reports} reports were fetched`);
  expect(counts.same).toBeGreaterThan(0);
  expect(counts.changed + counts.same).toBe(asked.length);
  expect(reports).toBeLessThanOrEqual(3);
  expectCalm(seen);
});

test("the page asks when the service lets it, sooner by hand only, and rarely while hidden", async () => {
  const seen = await signedUp();
  const { page } = seen;
  const asked = questions(page);
  await slowDown(page, 600);
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

/** What a browser does to a tab that is left or looked at again; headless ones never do. */
function hide(isHidden: boolean): void {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => (isHidden ? "hidden" : "visible") });
  document.dispatchEvent(new Event("visibilitychange"));
}
