import { useComputed, useSignal } from "@preact/signals";
import type { DrawShape } from "chessground/draw";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { ApiClient } from "../api/client";
import type { Hints } from "../realtime/hints";
import { replaceRoute } from "../route";
import { evaluation, moveNumber, playerName } from "../view/format";
import { Icon } from "../view/icons";
import { Trouble } from "../view/parts";
import { arrowsOf, circlesOf } from "./arrows";
import { Board, EvalBar } from "./board";
import { DeleteGame } from "./delete-game";
import { EvalChart } from "./chart-view";
import { playLine } from "./chess";
import { isError } from "./classes";
import { Explanation } from "./explanation";
import { Exports } from "./exports-view";
import { Follower } from "./follow";
import { isTyping, KEYS, onKey } from "./keyboard";
import { MoveList } from "./moves";
import { Comparison } from "./positional";
import { ProgressBars } from "./progress";
import { ReviewStore } from "./store";
import { Accuracy, GameWords } from "./summary";
import { TimeChart } from "./time";

/** The review of one game, from the moment it is accepted. */
export function ReviewPage({ api, hints, gameId, ply }: { api: ApiClient; hints: Hints | null; gameId: string; ply: number }): JSX.Element {
  const store = useMemo(() => new ReviewStore(), [gameId]);
  const follower = useMemo(() => new Follower(api, store, gameId, hints), [api, store, gameId]);

  useEffect(() => {
    void follower.open(ply);
    return () => follower.close();
  }, [follower]);
  useKeys(store);
  useAddress(store, gameId);

  const game = store.game.value;
  const report = store.report.value;
  const trouble = store.trouble.value;
  if (!game) {
    return trouble ? <Trouble error={trouble} onRetry={() => void follower.open()} /> : <p class="muted" role="status">Loading the game…</p>;
  }
  const white = playerName(game.white, "White");
  const black = playerName(game.black, "Black");
  return (
    <div class="review">
      <header class="review-head">
        <h1>{white} – {black} <span class="muted">{game.result}</span></h1>
        <p class="muted">{[game.event, game.played_on, game.opening].filter((text) => text && text !== "?").join(" · ")}</p>
      </header>
      <ProgressBars store={store} follower={follower} />
      {trouble && <Trouble error={trouble} onRetry={follower.refresh} />}
      <div class="review-main">
        <BoardColumn store={store} white={white} black={black} />
        <div class="review-side">
          <Explanation store={store} />
          <MoveList store={store} />
          <Controls store={store} />
        </div>
      </div>
      <EvalChart store={store} />
      <nav class="review-actions" aria-label="More of this game">
        <a class="button primary" href={`#/learn/${gameId}`}>Learn from the mistakes</a>
        <Exports api={api} store={store} />
        <DeleteGame api={api} gameId={gameId} />
      </nav>
      {report && (
        <div class="review-cards">
          <GameWords store={store} report={report} />
          <Accuracy store={store} report={report} />
          <Comparison store={store} report={report} />
          <TimeChart store={store} report={report} />
          <Keys />
        </div>
      )}
    </div>
  );
}

function BoardColumn({ store, white, black }: { store: ReviewStore; white: string; black: string }): JSX.Element {
  const isFlipped = store.isFlipped.value;
  const shapes = useShapes(store);
  const line = store.line.value;
  const move = store.move.value;
  const last = store.lastMove.value;
  // In a line the bar stays where the game is: nothing is known about positions that were not played.
  const shown = store.ply.value === 0 ? store.report.value?.start : move;
  const winPercent = store.ply.value === 0 ? (store.report.value ? 50 : null) : (move?.win_percent ?? null);
  const ply = line ? line.fromPly + line.index : store.ply.value;
  const label = last && ply > 0 ? `Board after ${moveNumber(ply, store.offset.value)}${last.san}` : "Board, starting position";
  return (
    <div class="board-column">
      <p class="player">{isFlipped ? white : black}</p>
      <div class="board-row">
        <EvalBar winPercent={winPercent} text={shown ? evaluation(shown) : ""} isFlipped={isFlipped} />
        <Board
          fen={store.fen.value} uci={last?.uci ?? null} isFlipped={isFlipped} shapes={shapes} label={label}
          onMove={(uci) => store.playOwn(uci)}
        />
      </div>
      <p class="player">{isFlipped ? black : white}</p>
      <p class="line-state" aria-live="polite">
        {line ? (
          <>
            <span>{line.title}, {line.index} of {line.moves.length}</span>{" "}
            <button type="button" onClick={() => (store.line.value = null)}>Back to the game</button>
          </>
        ) : (
          <span class="muted legend">
            <Legend store={store} />
          </span>
        )}
      </p>
    </div>
  );
}

/** What the arrows are. */
function Legend({ store }: { store: ReviewStore }): JSX.Element {
  const move = store.move.value;
  if (move && isError(move)) {
    return <><i class="k-played" /> played <i class="k-best" /> better <i class="k-reply" /> best reply</>;
  }
  return store.threat.value ? <><i class="k-threat" /> threat</> : <>{" "}</>;
}

/** The drawings on the board, the same array as long as they are the same. */
function useShapes(store: ReviewStore): DrawShape[] {
  return useComputed<DrawShape[]>(() => {
    const circles = circlesOf(store.highlighted.value);
    const move = store.move.value;
    if (store.line.value || !move) return circles;
    const style = getComputedStyle(document.documentElement);
    const colourOf = (name: string): string => style.getPropertyValue(name).trim();
    return [...arrowsOf({ move, reply_uci: store.replyUci.value, threat_uci: store.threat.value?.uci ?? null }, colourOf), ...circles];
  }).value;
}

function Controls({ store }: { store: ReviewStore }): JSX.Element {
  const button = (label: string, sign: JSX.Element | string, act: () => void): JSX.Element => (
    <button type="button" aria-label={label} title={label} onClick={act}>{sign}</button>
  );
  const jump = (by: 1 | -1) => () => {
    const ply = store.mistakeFrom(by);
    if (ply !== null) store.goTo(ply);
  };
  return (
    <div class="controls" role="group" aria-label="Step through the game">
      {button("First position", <Icon name="first" />, () => store.stepToEnd("first"))}
      {button("One move back", <Icon name="back" />, () => store.step(-1))}
      {button("One move on", <Icon name="on" />, () => store.step(1))}
      {button("Last position", <Icon name="last" />, () => store.stepToEnd("last"))}
      {button("Flip the board", <Icon name="flip" />, () => (store.isFlipped.value = !store.isFlipped.value))}
      {button("Next mistake", "?!", jump(1))}
    </div>
  );
}

function Keys(): JSX.Element {
  return (
    <section class="card" aria-label="Keyboard">
      <h2>Keyboard</h2>
      <dl class="keys">{KEYS.map(([keys, does]) => <div key={keys}><dt>{keys.split(" ").map((key) => <kbd key={key}>{key}</kbd>)}</dt><dd>{does}</dd></div>)}</dl>
    </section>
  );
}

function useKeys(store: ReviewStore): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const playBetter = (): void => {
        const move = store.move.value;
        if (!move) return;
        const moves = playLine(store.fenAt(move.ply - 1), move.variation);
        if (moves.length) store.openLine({ fromPly: move.ply - 1, moves }, 1, "The better line");
      };
      if (onKey(event.key, store, playBetter)) event.preventDefault();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [store]);
}

/** Keep the selected move in the address, so that it can be sent and survives a reload. */
function useAddress(store: ReviewStore, gameId: string): void {
  const timer = useSignal(0);
  useEffect(
    () =>
      store.ply.subscribe((ply) => {
        // Browsers refuse an address that changes many times a second.
        clearTimeout(timer.peek());
        timer.value = window.setTimeout(() => {
          if (store.game.peek()) replaceRoute(`#/games/${gameId}/${ply}`);
        }, 400);
      }),
    [store],
  );
  useEffect(() => () => clearTimeout(timer.peek()), []);
}
