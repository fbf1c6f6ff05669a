import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, inject, test } from "vitest";
import { expectAccessible } from "./accessibility";
import { example, expectCalm, IMAGES, part, phase, signedUp, submit, useBrowser, visit } from "./browser";

useBrowser();
mkdirSync(IMAGES, { recursive: true });

test("many games in one file: a verdict for each, a list that fills, filters", async () => {
  const seen = await signedUp();
  const { page } = seen;
  const text = `${example("several-games")}\n\n[Event "x"]\n\n1. e4 e5 2. Ke3 *\n`;
  await page.getByLabel("PGN files").setInputFiles({ name: "games.pgn", mimeType: "text/plain", buffer: Buffer.from(text) });
  const verdicts = page.getByRole("status").filter({ hasText: "taken" });
  await verdicts.waitFor();
  await page.getByText(/refused: .*Ke3/).waitFor();
  const games = page.locator(".game-list .game");
  const count = (await verdicts.locator("a").count());
  expect(count).toBeGreaterThanOrEqual(3);
  await expect.poll(() => games.count()).toBe(count);
  await expect.poll(() => page.locator(".game .accuracy").filter({ hasText: "%" }).count(), { timeout: 180_000 }).toBe(2 * count);
  await page.screenshot({ path: join(IMAGES, "web-games.png") });
  await page.getByLabel("Result").selectOption("1/2-1/2");
  await page.getByLabel("Player").fill("nobody of this name");
  await page.getByText("No game is like that.").waitFor();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect.poll(() => games.count()).toBe(count);
  expect(await page.getByLabel("Player").inputValue()).toBe("");

  await page.getByLabel("Played from").fill("1852-01-02"); // games of 1851, of some day in 1852, and of 1858
  await expect.poll(() => games.allInnerTexts()).toEqual([expect.stringContaining("1858.11.02")]);
  await page.getByLabel("Played from").fill("1852-01-01");
  await expect.poll(() => games.count()).toBe(2);
  await page.getByLabel("Played to").fill("1851-12-31");
  await page.getByText("No game is like that.").waitFor();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect.poll(() => games.count()).toBe(count);
  expect(await page.getByRole("button", { name: "Clear filters" }).isDisabled()).toBe(true);
  expectCalm(seen);
});

test("a running analysis is cancelled, and asked for again", async () => {
  const seen = await signedUp();
  const { page } = seen;
  await submit(page, example("kasparov-topalov-1999"));
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("Cancelled. What is shown stays.").waitFor();
  await page.getByRole("button", { name: "Analyse again" }).click();
  await phase(page, "initial");
  expectCalm(seen);
});

test("the service is lost and comes back: the page says so, keeps what it has, and goes on by itself", async () => {
  const seen = await signedUp();
  const { page } = seen;
  await submit(page, example("kasparov-topalov-1999"));
  await phase(page, "initial");
  for (let times = 0; times < 20; times++) await page.keyboard.press("ArrowRight");
  const move = await page.locator(".moves [aria-current] .san").innerText();
  await page.context().setOffline(true);
  await page.getByRole("alert").filter({ hasText: "cannot be reached" }).waitFor();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowRight");
  expect(await page.locator(".moves [aria-current] .san").innerText()).toBe(move);
  await page.context().setOffline(false);
  await page.getByRole("alert").waitFor({ state: "detached" });

  // The store goes away behind a service that still answers.
  await page.getByRole("link", { name: "Games", exact: true }).click();
  await part("supabase", "stop");
  try {
    await page.reload();
    await page.getByRole("alert").filter({ hasText: "Try again" }).waitFor();
  } finally {
    await part("supabase", "start");
  }
  await page.getByRole("link", { name: /Kasparov/ }).waitFor();
  seen.complaints.length = 0; // the browser's own words on requests that failed
  expectCalm(seen);
});

test("sign-in and start while the services are away: the page says which, and goes on when they are back", async () => {
  const seen = await visit();
  const { page } = seen;
  await part("supabase", "stop");
  try {
    await page.getByRole("button", { name: "New here" }).click();
    await page.getByLabel("Email").fill(seen.email);
    await page.getByLabel("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Sign up", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "The sign-in service does not answer" }).waitFor();
    await expectAccessible(page);
  } finally {
    await part("supabase", "start");
  }
  await page.getByRole("button", { name: "Sign up", exact: true }).click();
  await page.getByRole("heading", { name: "Your games", exact: true }).waitFor();

  // A token that has expired cannot be renewed meanwhile: nobody is signed out for that.
  await page.evaluate(() => {
    const session = JSON.parse(localStorage.getItem("knight-vision-session") ?? "{}") as Record<string, unknown>;
    localStorage.setItem("knight-vision-session", JSON.stringify({ ...session, expires_at: 1_000 }));
  });
  await part("supabase", "stop");
  try {
    await page.reload();
    await page.getByRole("alert").filter({ hasText: "You stay signed in" }).waitFor();
    await expectAccessible(page);
  } finally {
    await part("supabase", "start");
  }
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "Your games", exact: true }).waitFor();

  // The API alone.
  const { api_url, page_url } = inject("ready");
  await page.route(`${api_url}/**`, (route) => route.abort());
  await page.reload();
  await page.getByRole("alert").filter({ hasText: "The service cannot be reached." }).waitFor();
  await page.unroute(`${api_url}/**`);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("No games yet.").waitFor();

  // Not even the page's own settings.
  await page.route(`${page_url}/config.json`, (route) => route.abort());
  await page.reload();
  await page.getByRole("alert").filter({ hasText: "The page cannot start." }).waitFor();
  await page.unroute(`${page_url}/config.json`);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("No games yet.").waitFor();
  seen.complaints.length = 0; // the browser's own words on requests that failed
  expectCalm(seen);
});

test("learn mode: the mistake is refused, the best move and a good one are taken, the answer explains", async () => {
  const seen = await signedUp();
  const { page } = seen;
  await submit(page, example("morphy-opera-1858"));
  await phase(page, "complete");
  await page.getByRole("link", { name: "Learn from the mistakes" }).click();
  await page.getByText(/^Mistake 1 of/).waitFor();
  const played = /\.+(\S+) was played/.exec(await page.getByRole("heading", { level: 2 }).innerText())?.[1] ?? "";
  const guess = page.getByLabel("Move it on the board, or type it");
  await guess.fill(played);
  await guess.press("Enter");
  await page.getByText("is what was played").waitFor();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("button", { name: "Show the answer" }).click();
  const best = (await page.locator(".better").innerText()).replace("Best:", "").trim().split(" ")[0] ?? "";
  expect(best).not.toBe("");
  await page.reload();
  await guess.fill(best);
  await guess.press("Enter");
  await page.getByText("is the best move").waitFor();

  // A move that the report does not know is searched, and leaves no game behind.
  await page.reload();
  await guess.fill(/^[a-h]/.test(best) ? "Nf6" : "a6");
  await guess.press("Enter");
  await page.getByText(/loses \d+ % of the chances|is good enough/).waitFor();
  await page.getByRole("link", { name: "Games", exact: true }).click();
  await expect.poll(() => page.locator(".game").count()).toBe(1);
  expectCalm(seen);
});

test("operators see the queue and start dead letters again; others are told who may", async () => {
  const seen = await signedUp();
  const { page } = seen;
  await page.getByRole("link", { name: "Operators" }).click();
  await page.getByRole("alert").filter({ hasText: "for operators" }).waitFor();
  expect(seen.complaints.splice(0).length).toBeGreaterThan(0); // the browser's own word on the refusal
  await page.getByRole("link", { name: "Games", exact: true }).click();
  await submit(page, example("morphy-opera-1858"));
  await phase(page, "complete");
  const gameId = /games\/([^/]+)/.exec(page.url())?.[1] ?? "";
  await asOwner(`profiles?user_id=eq.${await userId(page)}`, { is_operator: true });
  await asOwner(`analyses?game_id=eq.${gameId}`, { state: "failed", failure: "the engine crashed", finished_phase: "intermediate", report_phase: "intermediate" });

  await page.getByRole("link", { name: "Operators" }).click();
  await page.getByRole("heading", { name: "The last hour" }).waitFor();
  await page.getByText("Time to first result").waitFor();
  // The game of 33 plies is a short one: that column has a time.
  const lengths = page.getByRole("region", { name: "Times by game length, and the cache" }).getByRole("row", { name: /^Complete/ });
  expect(await lengths.getByRole("cell").first().innerText()).toMatch(/^[\d.]+ s \(\d+\)$/);
  expect(await lengths.getByRole("cell").last().innerText()).toMatch(/^0\.0 % of \d+$/); // this stack has no cache
  await page.getByText(`${gameId.slice(0, 8)} the engine crashed`).waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: `Start again ${gameId}` }).click();
  await page.getByText("1 of 1 started again.").waitFor();
  await page.waitForTimeout(6_000); // a second sample of the queue
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(IMAGES, "web-operators.png"), fullPage: true });
  expectCalm(seen);
});

async function userId(page: Page): Promise<string> {
  return page.evaluate(() => (JSON.parse(localStorage.getItem("knight-vision-session") ?? "{}") as { user: { id: string } }).user.id);
}

/** Change rows as the project's owner does in the dashboard. */
async function asOwner(rows: string, columns: Record<string, unknown>): Promise<void> {
  const { supabase_url, supabase_secret_key } = inject("ready");
  const answer = await fetch(`${supabase_url}/rest/v1/${rows}`, {
    method: "PATCH", headers: { apikey: supabase_secret_key, "Content-Type": "application/json" }, body: JSON.stringify(columns),
  });
  if (!answer.ok) throw new Error(`${rows}: ${answer.status} ${await answer.text()}`);
}
