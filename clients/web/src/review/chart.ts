import uPlot from "uplot";
import type { ReviewStore } from "./store";

/** The data of the evaluation chart: White's win percent in every position. */
export function chartData(store: ReviewStore): [number[], (number | null)[]] {
  const count = store.played.value.moves.length;
  const moves = store.report.value?.moves ?? [];
  const plies = Array.from({ length: count + 1 }, (_, ply) => ply);
  return [plies, plies.map((ply) => (ply === 0 ? (moves.length ? 50 : null) : (moves[ply - 1]?.win_percent ?? null)))];
}

/** The evaluation chart in a box. Drawn anew only when a report comes; the selected ply is a line above it. */
export function evalChart(box: HTMLElement, store: ReviewStore): { update: () => void; destroy: () => void } {
  const style = (name: string): string => getComputedStyle(box).getPropertyValue(name).trim();
  const height = (): number => box.clientHeight;

  const plot = new uPlot(
    {
      width: box.clientWidth,
      height: height(),
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      padding: [6, 6, 6, 6],
      scales: { x: { time: false }, y: { range: [0, 100] } },
      axes: [{ show: false }, { show: false }],
      series: [
        {},
        {
          width: 1.5,
          stroke: () => style("--chart-line"),
          fill: () => style("--chart-white"),
          fillTo: 0,
          points: { show: false },
        },
      ],
      hooks: { drawClear: [drawGround], draw: [drawMarks] },
    },
    chartData(store),
    box,
  );

  function drawGround({ ctx, bbox }: uPlot): void {
    // uPlot remembers which colour it set last: it must find it again.
    ctx.save();
    ctx.fillStyle = style("--chart-black");
    ctx.fillRect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.restore();
  }

  function drawMarks(chart: uPlot): void {
    const { ctx, bbox } = chart;
    const report = store.report.value;
    const x = (ply: number): number => Math.round(chart.valToPos(ply, "x", true));
    ctx.save();
    ctx.strokeStyle = style("--chart-mark");
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
    const division = report ? [report.division.middlegame_ply, report.division.endgame_ply] : [];
    for (const ply of division) if (ply) line(ctx, x(ply), bbox.top, x(ply), bbox.top + bbox.height);
    const middle = Math.round(chart.valToPos(50, "y", true));
    line(ctx, bbox.left, middle, bbox.left + bbox.width, middle);
    ctx.setLineDash([]);
    for (const { ply, judgement } of report?.turning_points ?? []) {
      const value = report?.moves[ply - 1]?.win_percent ?? 50;
      ctx.beginPath();
      ctx.arc(x(ply), chart.valToPos(value, "y", true), 5 * devicePixelRatio, 0, 2 * Math.PI);
      ctx.fillStyle = style(`--${judgement}`);
      ctx.fill();
      ctx.strokeStyle = style("--surface");
      ctx.lineWidth = 1.5 * devicePixelRatio;
      ctx.stroke();
    }
    ctx.restore();
  }

  const resizing = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: height() }));
  resizing.observe(box);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const redraw = (): void => plot.redraw(false);
  scheme.addEventListener("change", redraw);
  document.addEventListener("themechange", redraw);

  return {
    update: () => plot.setData(chartData(store)),
    destroy: () => {
      resizing.disconnect();
      scheme.removeEventListener("change", redraw);
      document.removeEventListener("themechange", redraw);
      plot.destroy();
    },
  };
}

function line(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}
