import { page } from "./browser";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import type { ApiClient, Polled } from "../../src/api/client";
import type { Config } from "../../src/api/config";
import type { Analysis, Status } from "../../src/api/schema";
import { realtimeHints, type Hints } from "../../src/realtime/hints";
import { listen } from "../../src/realtime/listen";
import { Follower } from "../../src/review/follow";
import { ReviewStore } from "../../src/review/store";
import { PhoenixServer } from "./phoenix";
import { game, status } from "./reports";

const OPTIONS = { transport: WebSocket as never, reconnectAfterMs: () => 50 };
const token = (): Promise<string> => Promise.resolve("the user's token");
let server: PhoenixServer;
let closers: (() => void)[] = [];

beforeEach(async () => {
  server = await PhoenixServer.start();
  page.hidden = false;
});
afterEach(async () => {
  closers.forEach((close) => close());
  closers = [];
  await server.stop();
});

function config(url: string): Config {
  return { api_url: "http://api", supabase_url: url, supabase_publishable_key: "key", realtime: true };
}

function hintsOf(url: string): Hints {
  return (gameId, onHint) => listen(config(url), token, gameId, onHint, OPTIONS);
}

/** A game that is followed on a service that says `running`, and wants to be asked again after so long. */
async function followed(hints: Hints | null, retryAfterS: number | null): Promise<{ asked: () => number; close: () => void }> {
  let asked = 0;
  const polled = <T>(value: T): Promise<Polled<T>> => Promise.resolve({ value, etag: null, retryAfterS });
  const api = {
    game: () => Promise.resolve(game()),
    requestAnalysis: () => polled<Analysis>({ status: status(), report: null }),
    analysis: () => polled<Analysis>({ status: status(), report: null }),
    status: () => {
      asked += 1;
      return polled<Status>(status({ finished_phase: null }));
    },
  };
  const follower = new Follower(api as unknown as ApiClient, new ReviewStore(), "g", hints);
  closers.push(() => follower.close());
  await follower.open();
  return { asked: () => asked, close: () => follower.close() };
}

test("a change of the row is asked about at once, long before the next question", async () => {
  const { asked } = await followed(hintsOf(server.url), 600);
  await vi.waitFor(() => expect(server.joins).toEqual([{
    topic: "realtime:analysis:g", token: "the user's token",
    changes: [{ event: "*", schema: "public", table: "analyses", filter: "game_id=eq.g" }],
  }]));
  expect(asked()).toBe(0);
  server.change();
  await vi.waitFor(() => expect(asked()).toBe(1));
  server.change();
  await vi.waitFor(() => expect(asked()).toBe(2));
});

test("nobody is asked for a page that is hidden", async () => {
  const { asked } = await followed(hintsOf(server.url), 600);
  await vi.waitFor(() => expect(server.joins).toHaveLength(1));
  page.show(false);
  server.change();
  await new Promise((done) => setTimeout(done, 200));
  expect(asked()).toBe(0);
});

test("where Realtime is not reached, polling goes on, and hints come when it is", async () => {
  const { port, url } = server;
  await server.stop();
  const { asked } = await followed(hintsOf(url), 1);
  await vi.waitFor(() => expect(asked()).toBeGreaterThanOrEqual(2), { timeout: 5_000 });
  server = await PhoenixServer.start(port);
  await vi.waitFor(() => expect(server.joins.length).toBeGreaterThan(0), { timeout: 5_000 });
});

test("whoever leaves the game leaves the channel and the connection", async () => {
  const { close } = await followed(hintsOf(server.url), 600);
  await vi.waitFor(() => expect(server.joins).toHaveLength(1));
  close();
  await vi.waitFor(() => expect(server.connections).toBe(0));
  expect(server.left).toEqual(["realtime:analysis:g"]);
});

test("what is finished is not listened to", async () => {
  let listeners = 0;
  await followed(() => {
    listeners += 1;
    return () => undefined;
  }, null);
  expect(listeners).toBe(0);
});

test("without Realtime in config.json there are no hints", () => {
  expect(realtimeHints({ ...config("http://x"), realtime: false }, token)).toBeNull();
});
