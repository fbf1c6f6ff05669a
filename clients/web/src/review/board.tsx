import type { DrawShape } from "chessground/draw";
import type { Api } from "chessground/api";
import { Chessground } from "chessground/chessground";
import type { Config } from "chessground/config";
import type { Dests, Key } from "chessground/types";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { destinations, turnOf } from "./chess";

export const BRUSHES = {
  played: { key: "played", color: "#c4492f", opacity: 0.75, lineWidth: 9 },
  best: { key: "best", color: "#2f8f5b", opacity: 0.85, lineWidth: 11 },
  reply: { key: "reply", color: "#3b6fb6", opacity: 0.6, lineWidth: 7 },
  threat: { key: "threat", color: "#8a4fb0", opacity: 0.7, lineWidth: 8 },
  motif: { key: "motif", color: "#e0a526", opacity: 0.95, lineWidth: 8 },
};

interface Props {
  fen: string;
  /** The move that led here. */
  uci: string | null;
  isFlipped: boolean;
  shapes: DrawShape[];
  /** What the board shows, in words. */
  label: string;
  onMove?: (uci: string) => void;
}

/** Chessground, told of what changed; it draws by itself, outside of Preact's rendering. */
export function Board({ fen, uci, isFlipped, shapes, label, onMove }: Props): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const ground = useRef<Api | null>(null);
  const moved = useRef(onMove);
  moved.current = onMove;

  useEffect(() => {
    if (!place.current) return;
    ground.current = Chessground(place.current, {
      animation: { duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 160 },
      drawable: { brushes: { ...BRUSHES, green: BRUSHES.best, red: BRUSHES.played, blue: BRUSHES.reply, yellow: BRUSHES.motif } },
      premovable: { enabled: false },
      draggable: { showGhost: true },
      disableContextMenu: true,
    });
    return () => ground.current?.destroy();
  }, []);

  useEffect(() => {
    const { turn, isCheck } = turnOf(fen);
    const config: Config = {
      fen,
      orientation: isFlipped ? "black" : "white",
      turnColor: turn,
      check: isCheck,
      movable: {
        free: false,
        showDests: true,
        ...(moved.current
          ? { color: turn, dests: destinations(fen) as Dests }
          : { color: "both" as const, dests: new Map() as Dests }),
        events: { after: (from, to) => moved.current?.(from + to) },
      },
      drawable: { autoShapes: shapes },
    };
    ground.current?.set({ ...config, lastMove: uci ? [uci.slice(0, 2) as Key, uci.slice(2, 4) as Key] : [] });
  }, [fen, uci, isFlipped, shapes, Boolean(onMove)]);

  return (
    <div class="board" role="group" aria-label={label}>
      <div ref={place} class="board-squares" aria-hidden="true" />
    </div>
  );
}

/** How likely White is to win, as a bar beside the board. */
export function EvalBar({ winPercent, text, isFlipped }: {
  winPercent: number | null;
  text: string;
  isFlipped: boolean;
}): JSX.Element {
  const percent = winPercent ?? 50;
  return (
    <div
      class={`eval-bar ${isFlipped ? "flipped" : ""}`}
      role="meter" aria-label="White's chances" aria-valuemin={0} aria-valuemax={100}
      aria-valuenow={Math.round(percent)} aria-valuetext={text || "not known yet"}
    >
      <div class="eval-white" style={{ transform: `scaleY(${percent / 100})` }} />
      {/* The side that it stands on is its sign. */}
      <span class={percent >= 50 ? "of-white" : "of-black"} aria-hidden="true">{text.replace(/^[+−]/, "")}</span>
    </div>
  );
}
