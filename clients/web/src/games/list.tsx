import type { JSX } from "preact";
import type { ListedGame } from "../api/schema";
import { percent, playerName } from "../view/format";

interface Props {
  games: readonly ListedGame[];
  isFiltered: boolean;
}

export function GameList({ games, isFiltered }: Props): JSX.Element {
  if (games.length === 0) {
    return <p class="empty muted">{isFiltered ? "No game is like that." : "No games yet. Paste one above: its verdict begins within a second."}</p>;
  }
  return (
    <ul class="game-list" aria-label="Games">
      {games.map((game) => <GameRow key={game.id} game={game} />)}
    </ul>
  );
}

function GameRow({ game }: { game: ListedGame }): JSX.Element {
  const winner = game.result === "1-0" ? "white" : game.result === "0-1" ? "black" : null;
  return (
    <li>
      <a class="game" href={`#/games/${game.id}`}>
        <span class="game-players">
          <Player name={playerName(game.white, "White")} colour="white" isWinner={winner === "white"} accuracy={game.accuracy?.white} />
          <Player name={playerName(game.black, "Black")} colour="black" isWinner={winner === "black"} accuracy={game.accuracy?.black} />
        </span>
        <span class="game-result">{game.result === "1/2-1/2" ? "½–½" : (game.result ?? "*").replace("-", "–")}</span>
        <span class="game-facts muted">
          {[game.opening ?? game.eco, `${Math.ceil(game.ply_count / 2)} moves`, game.played_on?.replaceAll(".??", "")].filter(Boolean).join(" · ")}
        </span>
        <PhaseReached game={game} />
      </a>
    </li>
  );
}

function Player({ name, colour, isWinner, accuracy }: {
  name: string;
  colour: string;
  isWinner: boolean;
  accuracy: number | null | undefined;
}): JSX.Element {
  return (
    <span class={`game-player ${isWinner ? "winner" : ""}`}>
      <i class={`man ${colour}`} aria-hidden="true" /> {name}
      <span class="accuracy">{accuracy === undefined || accuracy === null ? "" : percent(accuracy)}</span>
    </span>
  );
}

const RANKS = { initial: 1, intermediate: 2, complete: 3 };

/** How deep the report is, as three marks and in words. */
function PhaseReached({ game }: { game: ListedGame }): JSX.Element {
  const rank = game.analysis_phase ? RANKS[game.analysis_phase] : 0;
  return (
    <span class={`reached s-${game.analysis_state ?? "none"}`}>
      <span class="pips" aria-hidden="true">{[1, 2, 3].map((at) => <i key={at} class={at <= rank ? "on" : ""} />)}</span>
      {stateWords(game)}
    </span>
  );
}

function stateWords({ analysis_state: state, analysis_phase: phase }: ListedGame): string {
  if (!state) return "not analysed";
  if (state === "done") return "complete";
  return phase && (state === "running" || state === "queued") ? `${phase}, going on` : state;
}
