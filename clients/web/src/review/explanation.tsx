import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { MoveReport, Sighting } from "../api/schema";
import { evaluation, moveNumber, words } from "../view/format";
import { playLine } from "./chess";
import { citedMoves, type CitedLine } from "./cited";
import { classLook, isError } from "./classes";
import { ClassBadge } from "./moves";
import type { ReviewStore } from "./store";

/** What there is to say about the selected move, with lines that play on the board. */
export function Explanation({ store }: { store: ReviewStore }): JSX.Element {
  const move = store.move.value;
  const ply = store.ply.value;
  if (!move) {
    const san = store.played.value.moves[ply - 1]?.san;
    return (
      <section class="card explanation" aria-label="The selected move">
        <h2>{san ? `${moveNumber(ply, store.offset.value)}${san}` : "The start of the game"}</h2>
        <p class="muted">
          {store.report.value ? "Step through the moves with the arrow keys." : "Its evaluation is on the way; the moves can be played through already."}
        </p>
      </section>
    );
  }
  const look = classLook(move.class);
  return (
    <section class="card explanation" aria-label="The selected move">
      <h2>
        <ClassBadge move={move} always />
        <span>{moveNumber(ply, store.offset.value)}{move.san}</span>
        <span class="verdict">{move.class}</span>
        <span class="eval">{evaluation(move)}</span>
      </h2>
      {move.explanation ? <Cited store={store} text={move.explanation} /> : <p>{look?.says}.</p>}
      {store.threat.value && <p class="muted">Threatens {store.threat.value.san}.</p>}
      <BetterLine store={store} move={move} />
      <Badges store={store} move={move} />
    </section>
  );
}

/** A sentence whose moves are buttons. */
function Cited({ store, text }: { store: ReviewStore; text: string }): JSX.Element {
  const ply = store.ply.value;
  const game = store.played.value;
  const parts = useMemo(() => citedMoves(text, ply, game), [text, ply, game]);
  return (
    <p class="words">
      {parts.map((part, at) =>
        "line" in part
          ? <LineMove key={at} store={store} line={part.line} index={part.index + 1} text={part.text} title="The line" />
          : part.text)}
    </p>
  );
}

function LineMove({ store, line, index, text, title }: {
  store: ReviewStore;
  line: CitedLine;
  index: number;
  text: string;
  title: string;
}): JSX.Element {
  const open = store.line.value;
  const isHere = open?.index === index && open.moves[index - 1]?.fen === line.moves[index - 1]?.fen;
  return (
    <button type="button" class="line-move" aria-pressed={isHere} onClick={() => store.openLine(line, index, title)}>
      {text}
    </button>
  );
}

/** What the engine would have played, move by move. */
function BetterLine({ store, move }: { store: ReviewStore; move: MoveReport }): JSX.Element | null {
  const from = store.fenAt(move.ply - 1);
  const line = useMemo(
    () => ({ fromPly: move.ply - 1, moves: playLine(from, move.variation) }),
    [from, move.variation.join(" ")],
  );
  if (line.moves.length === 0) return null;
  return (
    <p class="better">
      <span class="muted">{isError(move) ? "Better" : "The engine’s choice"}: </span>
      {line.moves.map(({ san }, at) => {
        const ply = move.ply + at;
        const number = at === 0 || (ply + store.offset.value) % 2 ? moveNumber(ply, store.offset.value) : "";
        return <LineMove key={at} store={store} line={line} index={at + 1} text={number + san} title="The better line" />;
      })}
    </p>
  );
}

/** The motifs that were missed or allowed: each shows its squares where it happens. */
function Badges({ store, move }: { store: ReviewStore; move: MoveReport }): JSX.Element | null {
  const { moves } = store.report.value ?? { moves: [] };
  const missed = unique(move.missed ?? []);
  const allowed = unique(move.allowed ?? []);
  if (missed.length + allowed.length === 0) return null;

  function show(kind: "missed" | "allowed", { ply, square, targets }: Sighting): void {
    const isMissed = kind === "missed";
    const from = isMissed ? move.ply - 1 : move.ply;
    // What a move allows is in the reply's own line: the better line of the next move, or what was played.
    const next = moves[move.ply];
    const reply = next && next.variation.length > 0 ? next.variation : moves.slice(move.ply, move.ply + 12).map(({ san }) => san);
    const line = playLine(store.fenAt(from), isMissed ? move.variation : reply);
    if (line.length > ply) {
      store.openLine({ fromPly: from, moves: line }, ply + 1, isMissed ? "The better line" : "What it allows");
    }
    store.highlighted.value = [square, ...targets];
  }

  return (
    <ul class="motifs">
      {missed.map((sighting) => (
        <li key={`m${sighting.motif}`}>
          <button type="button" class="motif missed" onClick={() => show("missed", sighting)}>missed {words(sighting.motif).toLowerCase()}</button>
        </li>
      ))}
      {allowed.map((sighting) => (
        <li key={`a${sighting.motif}`}>
          <button type="button" class="motif allowed" onClick={() => show("allowed", sighting)}>allowed {words(sighting.motif).toLowerCase()}</button>
        </li>
      ))}
    </ul>
  );
}

function unique(sightings: Sighting[]): Sighting[] {
  return [...new Map(sightings.map((sighting) => [sighting.motif, sighting])).values()].slice(0, 5);
}
