import { page, tab } from "./browser";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiClient } from "../../src/api/client";
import { asApiError } from "../../src/api/problem";
import { Session } from "../../src/session/session";

const CONFIG = { api_url: "http://api", supabase_url: "http://supabase", supabase_publishable_key: "key" };
const KEPT = "knight-vision-session";
const USER = { id: "u", email: "a@example.com", aud: "authenticated", app_metadata: {}, user_metadata: {}, created_at: "" };

class Storage {
  private readonly items = new Map<string, string>();
  getItem = (name: string): string | null => this.items.get(name) ?? null;
  setItem = (name: string, value: string): void => void this.items.set(name, value);
  removeItem = (name: string): void => void this.items.delete(name);
}

let answer: (url: string) => Promise<Response>;
const asked: string[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"] });
  vi.stubGlobal("localStorage", new Storage());
  vi.stubGlobal("sessionStorage", new Storage());
  vi.stubGlobal("window", Object.assign(tab, { location: { href: "http://page/" } }));
  vi.stubGlobal("addEventListener", tab.addEventListener.bind(tab));
  vi.stubGlobal("fetch", (url: string | URL) => {
    asked.push(String(url));
    return answer(String(url));
  });
  vi.spyOn(console, "error").mockReturnValue(undefined); // auth-js's own words on a network that fails
  vi.spyOn(console, "warn").mockReturnValue(undefined);
  page.hidden = false;
  asked.length = 0;
  answer = away;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const away = (): Promise<Response> => Promise.reject(new TypeError("Failed to fetch"));
const json = (body: unknown, status = 200): Promise<Response> => Promise.resolve(Response.json(body, { status }));

function aToken(seconds: number): Record<string, unknown> {
  const expires_at = Math.floor(Date.now() / 1000) + seconds;
  return { access_token: `token until ${expires_at}`, refresh_token: "r", token_type: "bearer", expires_in: seconds, expires_at, user: USER };
}

test.each([
  ["is not reached", away, "cannot be reached"],
  ["is down", () => json({ message: "away" }, 503), "does not answer"],
  ["refuses", () => json({ code: 400, error_code: "invalid_credentials", msg: "Invalid login credentials" }, 400), "Invalid login credentials."],
])("signing in while the service %s says so", async (_, service, words) => {
  answer = service;
  const session = new Session(CONFIG);
  const said = session.enter("in", "a@example.com", "secret!");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await said).toContain(words);
  expect(session.user.value).toBeNull();
});

test("a session that cannot be renewed while the service is away is kept, and goes on when it is back", async () => {
  localStorage.setItem(KEPT, JSON.stringify(aToken(-10)));
  const session = new Session(CONFIG);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([session.user.value, session.isAway.value]).toEqual([undefined, true]);

  answer = () => json(aToken(3_600));
  await vi.advanceTimersByTimeAsync(120_000);
  expect(session.user.value).toEqual({ email: USER.email, source: "account" });
  expect(session.isAway.value).toBe(false);
});

test("no request goes out without its token: it would be refused, and the user signed out", async () => {
  localStorage.setItem(KEPT, JSON.stringify(aToken(3_600)));
  const session = new Session(CONFIG);
  await vi.advanceTimersByTimeAsync(100);
  expect(session.user.value?.source).toBe("account");

  let signedOut = false;
  const api = new ApiClient(CONFIG.api_url, session.token, () => (signedOut = true));
  await vi.advanceTimersByTimeAsync(3_600_000); // it expires, and nobody renews it
  const failed = api.quota().catch(asApiError);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await failed).toMatchObject({ code: "sign_in_unreachable", isPassing: true });
  expect(asked.filter((url) => url.startsWith(CONFIG.api_url))).toEqual([]);
  expect(signedOut).toBe(false);
  expect(localStorage.getItem(KEPT)).not.toBeNull();
});

test("signing out works without any service", async () => {
  localStorage.setItem(KEPT, JSON.stringify(aToken(-10)));
  const session = new Session(CONFIG);
  await vi.advanceTimersByTimeAsync(60_000);
  void session.leave("Goodbye.");
  await vi.advanceTimersByTimeAsync(60_000);
  expect([session.user.value, session.isAway.value, session.farewell.value]).toEqual([null, false, "Goodbye."]);
  expect(localStorage.getItem(KEPT)).toBeNull();
});
