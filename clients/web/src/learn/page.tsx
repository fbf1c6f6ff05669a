import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ApiClient } from "../api/client";
import { asApiError } from "../api/problem";
import type { GameDetail, Report } from "../api/schema";
import { Board } from "../review/board";
import { playLine, playUci, plyOffset, type BoardMove } from "../review/chess";
import { ClassBadge } from "../review/moves";
import { moveNumber, playerName } from "../view/format";
import { Notice, Trouble } from "../view/parts";
import type { ApiError } from "../api/problem";
import { judge, tasksOf, type Task } from "./judge";

type Side = "white" | "black";
/** How a guess stands. */
interface Answer { kind: "open" | "judging" | "good" | "bad" | "shown"; move: BoardMove | null; loss: number | null }
const OPEN: Answer = { kind: "open", move: null, loss: null };

/** One's own mistakes of a game, one after the other: find the better move. */
export function LearnPage({ api, gameId }: { api: ApiClient; gameId: string }): JSX.Element {
  const loaded = useSignal<{ game: GameDetail; report: Report } | null>(null);
  const trouble = useSignal<ApiError | null>(null);
  const side = useSignal<Side | null>(null);

  async function load(): Promise<void> {
    try {
      const [game, analysis] = await Promise.all([api.game(gameId), api.analysis(gameId)]);
      const { report } = analysis.value;
      if (!report) throw new Error("There is no report yet. Come back when the first look is done.");
      trouble.value = null;
      loaded.value = { game, report };
    } catch (error) {
      trouble.value = asApiError(error);
    }
  }
  useEffect(() => void load(), [gameId]);

  if (trouble.value) return <Trouble error={trouble.value} onRetry={() => void load()} />;
  if (!loaded.value) return <p class="muted" role="status">Loading…</p>;
  const { game, report } = loaded.value;
  const counts = { white: tasksOf(report, "white").length, black: tasksOf(report, "black").length };
  const shown = side.value ?? (counts.white >= counts.black ? "white" : "black");
  return (
    <div class="learn">
      <h1>Learn from the mistakes</h1>
      <div class="segmented" role="group" aria-label="Whose mistakes">
        {(["white", "black"] as const).map((each) => (
          <button key={each} type="button" aria-pressed={shown === each} onClick={() => (side.value = each)}>
            {playerName(game[each], each === "white" ? "White" : "Black")} ({counts[each]})
          </button>
        ))}
      </div>
      <Tasks key={shown} api={api} gameId={gameId} tasks={tasksOf(report, shown)} offset={plyOffset(report.start_fen)} />
    </div>
  );
}

function Tasks({ api, gameId, tasks, offset }: { api: ApiClient; gameId: string; tasks: Task[]; offset: number }): JSX.Element {
  const at = useSignal(0);
  const answer = useSignal<Answer>(OPEN);
  const trouble = useSignal<ApiError | null>(null);
  const task = tasks[at.value];
  const shapes = useMemo(() => [], []);
  if (!task) {
    return (
      <Notice kind="good">
        <p>{tasks.length ? "That was the last one." : "No mistakes to learn from: well played."} <a href={`#/games/${gameId}`}>Back to the game</a></p>
      </Notice>
    );
  }

  async function guess(current: Task, move: BoardMove | null): Promise<void> {
    if (!move || answer.value.kind === "judging") return;
    trouble.value = null;
    answer.value = { kind: "judging", move, loss: null };
    try {
      const { isGood, loss } = await judge(api, current, move.san, move.uci);
      answer.value = { kind: isGood ? "good" : "bad", move, loss };
    } catch (error) {
      trouble.value = asApiError(error);
      answer.value = OPEN;
    }
  }

  function next(): void {
    at.value += 1;
    answer.value = OPEN;
  }

  const { kind, move } = answer.value;
  const best = playLine(task.fen, task.move.variation);
  const shownMove = kind === "shown" ? (best[0] ?? null) : move;
  const isOver = kind === "good" || kind === "shown";
  return (
    <div class="learn-task">
      <Board
        fen={shownMove?.fen ?? task.fen} uci={shownMove?.uci ?? null} isFlipped={task.side === "black"} shapes={shapes}
        label={`Position before ${moveNumber(task.move.ply, offset)}${task.move.san}`}
        {...(kind === "open" ? { onMove: (uci: string) => void guess(task, playUci(task.fen, uci)) } : {})}
      />
      <section class="card" aria-label="Your task">
        <p class="muted">Mistake {at.value + 1} of {tasks.length}</p>
        <h2><ClassBadge move={task.move} always /> {moveNumber(task.move.ply, offset)}{task.move.san} was played. What is better?</h2>
        <div aria-live="polite">
          {kind === "judging" && <p>Looking at {move?.san}…</p>}
          {kind === "bad" && <Notice kind="bad"><p><strong>{move?.san}</strong> {answer.value.loss === null ? "is what was played." : `loses ${Math.round(answer.value.loss)} % of the chances.`} Try another move.</p></Notice>}
          {kind === "good" && <Notice kind="good"><p><strong>{move?.san}</strong> {answer.value.loss === null ? "is the best move." : "is good enough."}</p></Notice>}
        </div>
        {isOver && (
          <>
            <p class="words">{task.move.explanation}</p>
            <p class="better"><span class="muted">Best: </span>{best.map(({ san }) => san).join(" ")}</p>
          </>
        )}
        {trouble.value && <Trouble error={trouble.value} />}
        {!isOver && kind !== "bad" && <TypedMove key={task.fen} isBusy={kind === "judging"} onMove={(san) => guess(task, playLine(task.fen, [san])[0] ?? null)} />}
        <div class="row">
          {kind === "bad" && <button type="button" class="primary" onClick={() => (answer.value = OPEN)}>Try again</button>}
          {isOver && <button type="button" class="primary" onClick={next}>Next</button>}
          {!isOver && <button type="button" onClick={() => (answer.value = { ...OPEN, kind: "shown" })}>Show the answer</button>}
          {!isOver && <button type="button" onClick={next}>Skip</button>}
          <a class="button" href={`#/games/${gameId}/${task.move.ply}`}>See it in the game</a>
        </div>
      </section>
    </div>
  );
}

/** The board for keyboards: a move in letters. */
function TypedMove({ isBusy, onMove }: { isBusy: boolean; onMove: (san: string) => Promise<void> }): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  return (
    <form
      class="row"
      onSubmit={(event) => { event.preventDefault(); if (input.current?.value) void onMove(input.current.value.trim()); }}
    >
      <label for="typed-move">Move it on the board, or type it</label>
      <input id="typed-move" ref={input} autocomplete="off" spellcheck={false} placeholder="Nf3" size={8} />
      <button disabled={isBusy}>Try it</button>
    </form>
  );
}
