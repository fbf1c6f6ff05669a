import type { JSX } from "preact";
import type { ApiClient } from "../api/client";
import type { Route } from "../route";
import { ReviewPage } from "./page";
import "chessground/assets/chessground.base.css";
import "chessground/assets/chessground.cburnett.css";
import "../style/board.css";
import "../style/review.css";

/** The review as a page of its own, with everything that only it needs. */
export function GameRoute({ api, route }: { api: ApiClient; route: Route }): JSX.Element | null {
  return route.page === "game" ? <ReviewPage key={route.gameId} api={api} gameId={route.gameId} ply={route.ply} /> : null;
}
