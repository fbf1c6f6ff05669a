import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectAccessible, expectNoSidewaysScroll } from "./accessibility";
import { enter, example, expectCalm, IMAGES, phase, signedUp, submit, useBrowser } from "./browser";

useBrowser();
mkdirSync(IMAGES, { recursive: true });

test("everything is taken along, then deleted, and at last the account: only after the word was typed", async () => {
  const seen = await signedUp();
  const { page } = seen;
  await submit(page, example("morphy-opera-1858"));
  await phase(page, "initial");
  await page.getByRole("link", { name: "Account" }).click();
  await page.getByText(seen.email).waitFor();
  await page.getByText(/^1 of 2\d+$/).waitFor(); // new games today
  await expectAccessible(page);
  await page.screenshot({ path: join(IMAGES, "web-account.png") });

  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download everything" }).click()]);
  expect(download.suggestedFilename()).toBe("knight-vision-export.json");
  const all = JSON.parse(readFileSync(await download.path(), "utf8")) as { games: { pgn: string; analysis: { moves: unknown[] } }[]; profile: { plan: string } };
  expect(all.profile.plan).toBe("free");
  expect(all.games.map(({ pgn, analysis }) => [pgn.includes("Morphy"), analysis.moves.length])).toEqual([[true, 33]]);
  await page.getByText("1 game saved.").waitFor();

  const dialog = page.getByRole("dialog");
  const confirm = dialog.getByRole("button", { name: "Delete for good" });
  await page.getByRole("button", { name: "Delete all my games…" }).click();
  await expectAccessible(page);
  expect(await confirm.isDisabled()).toBe(true);
  await dialog.getByLabel("Type “delete” to confirm").fill("delet");
  expect(await confirm.isDisabled()).toBe(true);
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Games", exact: true }).click();
  await page.getByRole("link", { name: /Morphy/ }).waitFor();

  await page.getByRole("link", { name: "Account" }).click();
  await page.getByRole("button", { name: "Delete all my games…" }).click();
  await page.keyboard.type("Delete");
  await page.keyboard.press("Enter");
  await page.getByText("All your games are deleted.").waitFor();
  await page.getByRole("link", { name: "Games", exact: true }).click();
  await page.getByText("No games yet.").waitFor();

  await page.getByRole("link", { name: "Account" }).click();
  await page.getByRole("button", { name: "Delete my account…" }).click();
  await page.keyboard.type("delete");
  await confirm.click();
  await page.getByText("Your account is deleted").waitFor();
  await page.getByLabel("Email").fill(seen.email);
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("alert").waitFor();
  seen.complaints.length = 0; // the browser's own word on the refusal
  expectCalm(seen);

  // The address is free again.
  await page.getByRole("button", { name: "New here" }).click();
  await enter(seen, "Sign up");
});

test("the account on a phone", async () => {
  const seen = await signedUp({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
  const { page } = seen;
  await page.getByRole("link", { name: "Account" }).click();
  await page.getByRole("button", { name: "Delete my account…" }).click();
  await page.getByRole("dialog").waitFor();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Keep everything" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Email").waitFor();
  expectCalm(seen);
});

test("one game is deleted after a question, and its neighbour stays", async () => {
  const seen = await signedUp();
  const { page } = seen;
  await submit(page, example("morphy-opera-1858"));
  await page.getByRole("button", { name: "Delete this game…" }).click();
  await page.getByRole("button", { name: "Keep it" }).click();
  await page.getByRole("link", { name: "Games" }).first().click();
  await submit(page, example("byrne-fischer-1956"));
  await page.getByRole("button", { name: "Delete this game…" }).click();
  await page.getByRole("button", { name: "Delete for good" }).click();
  await page.locator(".game").filter({ hasText: "Morphy" }).waitFor();
  expect(await page.locator(".game").filter({ hasText: "Donald Byrne" }).count()).toBe(0);
  expectCalm(seen);
});
