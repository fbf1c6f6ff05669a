import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { example, expectCalm, signedUp, submit, useBrowser } from "./browser";

useBrowser();

test("files that are dropped are read, those of old programs too", async () => {
  const seen = await signedUp();
  const { page } = seen;
  const old = example("morphy-opera-1858").replace("Morphy, Paul", "Müller, Jörg");
  await drop(page, [
    { name: "new.pgn", bytes: [...Buffer.from(example("byrne-fischer-1956"), "utf8")] },
    { name: "old.pgn", bytes: [...Buffer.from(old, "latin1")] },
  ]);
  await page.getByText("2 of 2 games taken.").waitFor();
  await page.locator(".game").filter({ hasText: "Jörg Müller" }).waitFor();
  await page.locator(".game").filter({ hasText: "Donald Byrne" }).waitFor();
  expect(await page.locator(".submit.over").count()).toBe(0);
  expectCalm(seen);
});

/** As a hand does: over the field first, then let go. */
async function drop(page: Page, files: { name: string; bytes: number[] }[]): Promise<void> {
  const transfer = await page.evaluateHandle((all) => {
    const data = new DataTransfer();
    for (const { name, bytes } of all) data.items.add(new File([new Uint8Array(bytes)], name));
    return data;
  }, files);
  const place = page.getByRole("region", { name: "Add games" });
  await place.dispatchEvent("dragover", { dataTransfer: transfer });
  await page.locator(".submit.over").waitFor();
  await place.dispatchEvent("drop", { dataTransfer: transfer });
}

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

test.each([
  ["a phone that shares files is handed the picture", true],
  ["a phone that does not saves it", false],
])("%s", async (_, canShare) => {
  const seen = await signedUp(PHONE);
  const { page } = seen;
  await page.evaluate((may) => {
    const shared: { name: string; size: number; type: string }[] = [];
    Object.assign(window, { shared });
    Object.assign(navigator, {
      canShare: () => may,
      share: ({ files }: { files: File[] }) => {
        shared.push(...files.map(({ name, size, type }) => ({ name, size, type })));
        return Promise.reject(new DOMException("changed their mind", "AbortError"));
      },
    });
  }, canShare);
  await submit(page, example("morphy-opera-1858"));
  const button = page.getByRole("button", { name: "Picture of the board" });
  if (canShare) {
    await button.click();
    const shared = (): Promise<{ name: string; size: number; type: string }[]> =>
      page.evaluate(() => (window as unknown as { shared: { name: string; size: number; type: string }[] }).shared);
    await expect.poll(async () => (await shared()).length).toBe(1);
    const [file] = await shared();
    expect(file).toMatchObject({ type: "image/png", name: expect.stringMatching(/^paul-morphy-.*\.png$/) as string });
    expect(file?.size).toBeGreaterThan(5_000);
    expect(await page.getByRole("alert").count()).toBe(0); // whoever changes their mind made no mistake
  } else {
    const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
    expect(download.suggestedFilename()).toMatch(/^paul-morphy-.*\.png$/);
  }
  expectCalm(seen);
});
