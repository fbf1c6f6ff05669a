import { page, tab } from "./browser";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { nextPollMs, Poller } from "../../src/api/poll";
import { ApiError } from "../../src/api/problem";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  page.hidden = false;
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ["the service's pause is kept", { retryAfterS: 7, failures: 0, isHidden: false }, 7_000],
  ["nothing more to come ends it", { retryAfterS: null, failures: 0, isHidden: false }, null],
  ["a hidden tab asks once a minute", { retryAfterS: 1, failures: 0, isHidden: true }, 60_000],
  ["a hidden tab keeps to a longer pause", { retryAfterS: 90, failures: 0, isHidden: true }, 90_000],
  ["the first failure waits a second", { retryAfterS: null, failures: 1, isHidden: false }, 1_000],
  ["each failure doubles the pause", { retryAfterS: null, failures: 4, isHidden: false }, 8_000],
  ["up to half a minute", { retryAfterS: null, failures: 40, isHidden: false }, 30_000],
  ["an error's own pause counts if longer", { retryAfterS: 5, failures: 1, isHidden: false }, 5_000],
])("%s", (_, state, expected) => {
  expect(nextPollMs(state)).toBe(expected);
});

function polling(answers: (number | null | Error)[]): { asked: number[]; poller: Poller; errors: unknown[] } {
  const asked: number[] = [];
  const errors: unknown[] = [];
  const began = performance.now();
  const poller = new Poller(
    () => {
      asked.push(Math.round(performance.now() - began));
      const next = answers.shift() ?? null;
      return next instanceof Error ? Promise.reject(next) : Promise.resolve({ retryAfterS: next });
    },
    (error) => {
      errors.push(error);
      return error instanceof ApiError && error.isPassing;
    },
  );
  return { asked, poller, errors };
}

test("asks when told to, until nothing more will come", async () => {
  const { asked, poller } = polling([2, 3, null]);
  poller.start(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual([1_000, 3_000, 6_000]);
});

test("a service that is away is asked less and less, and the answer that comes ends the alarm", async () => {
  const away = (): Error => new ApiError(503, "store_unavailable", "away");
  const { asked, poller, errors } = polling([away(), away(), away(), null]);
  poller.start(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(errors).toHaveLength(3);
});

test("an error that lasts ends it", async () => {
  const { asked, poller } = polling([new ApiError(404, "game_not_found", "gone"), 1]);
  poller.start(1);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(asked).toEqual([1_000]);
});

test("a tab that is looked at again asks at once, but never before the service lets it", async () => {
  const { asked, poller } = polling([10, 10, null]);
  poller.start(1);
  await vi.advanceTimersByTimeAsync(2_000);
  page.show(false);
  await vi.advanceTimersByTimeAsync(3_000);
  page.show(true); // at 5 s; the service wants to be asked at 11 s
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toEqual([1_000, 11_000]);
  page.show(false);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(asked).toHaveLength(2);
  page.show(true); // at 45 s, long after the pause
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual([1_000, 11_000, 45_000]);
});

test("a connection that is back is used at once", async () => {
  const { asked, poller } = polling([new ApiError(0, "unreachable", "away"), new ApiError(0, "unreachable", "away"), null]);
  poller.start(0);
  await vi.advanceTimersByTimeAsync(1_500);
  tab.dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual([0, 1_000, 1_500]);
});

test("a stopped one asks no more", async () => {
  const { asked, poller } = polling([1, 1, 1]);
  poller.start(1);
  await vi.advanceTimersByTimeAsync(1_500);
  poller.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual([1_000]);
});
