import { signal } from "@preact/signals";

/** Where in the page the user is. Hashes need no server that knows them: any static host will do. */
export type Route =
  | { page: "games" }
  | { page: "game"; gameId: string; ply: number }
  | { page: "learn"; gameId: string }
  | { page: "operators" }
  | { page: "account" };

export function parseRoute(hash: string): Route {
  const [page, gameId, ply] = hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  if (page === "games" && gameId) return { page: "game", gameId, ply: Math.max(0, Number.parseInt(ply ?? "0") || 0) };
  if (page === "learn" && gameId) return { page: "learn", gameId };
  if (page === "operators" || page === "account") return { page };
  return { page: "games" };
}

export const route = signal<Route>(parseRoute(location.hash));

addEventListener("hashchange", () => {
  const before = route.value;
  route.value = parseRoute(location.hash);
  // A new page begins at its top.
  if (route.value.page !== before.page) scrollTo(0, 0);
});

/** Change the address without going anywhere. */
export function replaceRoute(hash: string): void {
  history.replaceState(null, "", hash);
}
