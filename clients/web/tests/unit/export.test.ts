import "./browser";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { exportAll } from "../../src/account/export";
import type { ApiClient } from "../../src/api/client";
import { ApiError } from "../../src/api/problem";
import type { Export } from "../../src/api/schema";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout"] }));
afterEach(() => void vi.useRealTimers());

function serving(pages: (Partial<Export> | ApiError)[]): { api: ApiClient; cursors: (string | null)[] } {
  const cursors: (string | null)[] = [];
  const exportPage = (cursor: string | null): Promise<unknown> => {
    cursors.push(cursor);
    const page = pages.shift();
    return page instanceof ApiError ? Promise.reject(page) : Promise.resolve({ user_id: "u", games: [], next_cursor: null, ...page });
  };
  return { api: { exportPage } as unknown as ApiClient, cursors };
}

async function exported(api: ApiClient, counts: number[] = []): Promise<unknown> {
  const made = exportAll(api, (games) => counts.push(games)).then((file) => file.text());
  made.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(60_000);
  return JSON.parse(await made);
}

const aGame = (id: string): never => ({ id, pgn: "1. e4 *", headers: {}, created_at: "", analysis: null, feedback: null }) as never;

test("all pages become one file", async () => {
  const { api, cursors } = serving([
    { profile: { user_id: "u", plan: "free", is_operator: false, created_at: "" }, batches: [], games: [aGame("1"), aGame("2")], next_cursor: "a" },
    { games: [aGame("3")], next_cursor: "b" },
    {},
  ]);
  const counts: number[] = [];
  expect(await exported(api, counts)).toMatchObject({ user_id: "u", profile: { plan: "free" }, batches: [], games: [{ id: "1" }, { id: "2" }, { id: "3" }] });
  expect(cursors).toEqual([null, "a", "b"]);
  expect(counts).toEqual([2, 3, 3]);
});

test("who has no games has a file all the same", async () => {
  expect(await exported(serving([{}]).api)).toEqual({ user_id: "u", games: [] });
});

test("a service that is busy is asked again after its pause, one that refuses is not", async () => {
  const busy = new ApiError(429, "rate_limited", "slowly", 3);
  const { api, cursors } = serving([{ games: [aGame("1")], next_cursor: "a" }, busy, busy, { games: [aGame("2")] }]);
  expect(await exported(api)).toMatchObject({ games: [{ id: "1" }, { id: "2" }] });
  expect(cursors).toEqual([null, "a", "a", "a"]);
  await expect(exported(serving([new ApiError(422, "invalid_request", "no")]).api)).rejects.toThrow("no");
});
