import type { JSX } from "preact";
import type { ApiClient } from "../api/client";
import type { Hints } from "../realtime/hints";
import type { Route } from "../route";
import { ReviewPage } from "./page";
import "chessground/assets/chessground.base.css";
import "chessground/assets/chessground.cburnett.css";
import "../style/board.css";
import "../style/review.css";

/** The review as a page of its own, with everything that only it needs. */
export function GameRoute({ api, hints, route }: { api: ApiClient; hints: Hints | null; route: Route }): JSX.Element | null {
  return route.page === "game" ? <ReviewPage key={route.gameId} api={api} hints={hints} gameId={route.gameId} ply={route.ply} /> : null;
}
