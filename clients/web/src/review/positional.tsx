import type { JSX } from "preact";
import type { Report, SideMetrics } from "../api/schema";
import { moveNumber, words } from "../view/format";
import type { ReviewStore } from "./store";

const NUMBERS = ["material", "mobility", "space", "centre_control", "king_exposure"] as const;
const SQUARES = [
  "passed_pawns", "isolated_pawns", "doubled_pawns", "backward_pawns", "hanging_pawns", "outposts",
  "rooks_on_open_files", "rooks_on_seventh", "bad_bishops", "undeveloped",
] as const;

/** Both sides of the selected position beside each other; squares can be shown on the board. */
export function Comparison({ store, report }: { store: ReviewStore; report: Report }): JSX.Element {
  const position = (store.move.value ?? report.moves[0])?.positional;
  const white = position?.white ?? {};
  const black = position?.black ?? {};
  return (
    <section class="card" aria-label="Position">
      <h2>The position</h2>
      {NUMBERS.map((name) => <Balance key={name} name={name} white={white[name] ?? 0} black={black[name] ?? 0} />)}
      <table class="numbers squares">
        <thead><tr><td /><th scope="col">White</th><th scope="col">Black</th></tr></thead>
        <tbody>
          {SQUARES.filter((name) => list(white, name).length + list(black, name).length > 0).map((name) => (
            <tr key={name}>
              <th scope="row">{words(name)}</th>
              <td><Squares store={store} squares={list(white, name)} name={`White's ${words(name).toLowerCase()}`} /></td>
              <td><Squares store={store} squares={list(black, name)} name={`Black's ${words(name).toLowerCase()}`} /></td>
            </tr>
          ))}
        </tbody>
      </table>
      <Stretches store={store} report={report} />
    </section>
  );
}

/** A number of both sides as a bar that leans to the greater. */
function Balance({ name, white, black }: { name: string; white: number; black: number }): JSX.Element {
  const share = white + black > 0 ? white / (white + black) : 0.5;
  return (
    <div class="balance">
      <span>{white}</span>
      <div>
        <span class="balance-name">{words(name)}</span>
        <div class="bar two" aria-hidden="true"><div style={{ transform: `scaleX(${share})` }} /></div>
      </div>
      <span>{black}</span>
    </div>
  );
}

function Squares({ store, squares, name }: { store: ReviewStore; squares: string[]; name: string }): JSX.Element {
  if (squares.length === 0) return <span class="muted">–</span>;
  return (
    <button type="button" class="squares-button" aria-label={`Show ${name} on ${squares.join(", ")}`} onClick={() => (store.highlighted.value = squares)}>
      {squares.join(" ")}
    </button>
  );
}

/** What lasted over many moves. */
function Stretches({ store, report }: { store: ReviewStore; report: Report }): JSX.Element | null {
  const { stretches } = report.positional;
  if (stretches.length === 0) return null;
  return (
    <details>
      <summary>What lasted ({stretches.length})</summary>
      <ul class="prose">
        {stretches.map(({ feature, side, first_ply, last_ply }) => (
          <li key={`${feature} ${side} ${first_ply}`}>
            <button type="button" class="line-move" onClick={() => store.goTo(first_ply)}>
              {side === "white" ? "White" : "Black"}: {words(feature).toLowerCase()}
            </button>{" "}
            <span class="muted">
              {moveNumber(Math.max(1, first_ply), store.offset.value)} to {moveNumber(last_ply, store.offset.value)}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function list(side: SideMetrics, name: (typeof SQUARES)[number]): string[] {
  return side[name] ?? [];
}
