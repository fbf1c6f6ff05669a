import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { evaluation, moveNumber } from "../view/format";
import { evalChart } from "./chart";
import type { ReviewStore } from "./store";
import "uplot/dist/uPlot.min.css";

/** The evaluation over the game: click or drag to jump. Also a slider, for keyboards and screen readers. */
export function EvalChart({ store }: { store: ReviewStore }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof evalChart> | null>(null);
  const report = store.report.value;
  const count = store.played.value.moves.length;
  const ply = store.ply.value;

  useEffect(() => {
    if (box.current) chart.current = evalChart(box.current, store);
    return () => chart.current?.destroy();
  }, []);
  useEffect(() => chart.current?.update(), [report, count]);

  function jump(event: PointerEvent): void {
    if (event.type === "pointermove" && event.buttons !== 1) return;
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    store.goTo(Math.round(((event.clientX - left - PAD) / (width - 2 * PAD)) * count));
  }

  const move = store.move.value;
  const at = move ? `${moveNumber(ply, store.offset.value)}${move.san} ${evaluation(move)} ${move.judgement ?? ""}` : `Position ${ply}`;
  return (
    <div
      class="chart" role="slider" tabIndex={0} aria-label="Evaluation over the game"
      aria-valuemin={0} aria-valuemax={count} aria-valuenow={ply} aria-valuetext={at}
      onPointerDown={jump} onPointerMove={jump}
    >
      <div ref={box} class="chart-canvas" aria-hidden="true" />
      <div class="chart-at" style={{ transform: `translateX(${count ? (100 * ply) / count : 0}%)` }} />
    </div>
  );
}

/** uPlot's padding at both ends, px. */
const PAD = 6;
