import type { JSX } from "preact";
import type { ApiClient } from "../api/client";
import type { Route } from "../route";
import { LearnPage } from "./page";
import "chessground/assets/chessground.base.css";
import "chessground/assets/chessground.cburnett.css";
import "../style/board.css";
import "../style/review.css";

export function LearnRoute({ api, route }: { api: ApiClient; route: Route }): JSX.Element | null {
  return route.page === "learn" ? <LearnPage key={route.gameId} api={api} gameId={route.gameId} /> : null;
}
