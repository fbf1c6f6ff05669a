import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** axe finds nothing on the page as it is now. */
export async function expectAccessible(page: Page): Promise<void> {
  // Let colours come to rest: axe reads what is painted.
  await page.waitForTimeout(500);
  // By the developer tools, since the page's own policy lets no other script in.
  const devtools = await page.context().newCDPSession(page);
  const { readFileSync } = await import("node:fs");
  await devtools.send("Runtime.evaluate", { expression: readFileSync(AXE, "utf8") });
  const { result } = await devtools.send("Runtime.evaluate", {
    expression: `axe.run(document, ${JSON.stringify({ runOnly: RULES })}).then((results) => JSON.stringify(results.violations))`,
    awaitPromise: true,
    returnByValue: true,
  });
  const violations = JSON.parse(String(result.value)) as AxeResults["violations"];
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`)).toEqual([]);
  await devtools.detach();
}

/** Nothing sticks out to the right. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
}
