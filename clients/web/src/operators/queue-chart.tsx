import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Sample } from "./history";

/** uPlot.Axis.Side.Right, which exists in its types only. */
const RIGHT = 1;

/** The chart shows at least this long. */
const SHORTEST_S = 60;

/** Length and oldest age of the queue, since the page was opened. */
export function QueueChart({ history }: { history: readonly Sample[] }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const data = dataOf(history);

  useEffect(() => {
    const place = box.current;
    if (!place) return;
    const style = (name: string) => () => getComputedStyle(place).getPropertyValue(name).trim();
    const axis = { stroke: style("--muted"), grid: { stroke: style("--line"), width: 1 }, ticks: { show: false } };
    const chart = new uPlot(
      {
        width: place.clientWidth,
        height: 180,
        cursor: { show: false },
        legend: { show: false },
        scales: { x: { range: (_, first, last) => [Math.min(first, last - SHORTEST_S), last] }, y: { range: (_, __, most) => [0, Math.max(5, most)] }, age: { range: (_, __, most) => [0, Math.max(5, most)] } },
        // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- an enum that exists in types only
        axes: [axis, { ...axis, size: 36 }, { ...axis, scale: "age", side: RIGHT, size: 40, grid: { show: false } }],
        series: [
          {},
          { label: "Units", stroke: style("--accent"), width: 2 },
          { label: "Oldest age, s", scale: "age", stroke: style("--mistake"), width: 2, dash: [6, 4] },
        ],
      },
      data,
      place,
    );
    plot.current = chart;
    const resizing = new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height: 180 }));
    resizing.observe(place);
    return () => {
      resizing.disconnect();
      chart.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData(data), [history]);

  const last = history.at(-1);
  return (
    <section class="card" aria-label="Queue over time">
      <h2>Queue since this page was opened</h2>
      <p>
        <i class="key solid" aria-hidden="true" /> {last?.units ?? 0} units in line or at work{" "}
        <i class="key dashed" aria-hidden="true" /> oldest {last?.oldest_s.toFixed(1) ?? 0} s
      </p>
      <div ref={box} aria-hidden="true" />
    </section>
  );
}

function dataOf(history: readonly Sample[]): [number[], number[], number[]] {
  return [history.map(({ at_s }) => at_s), history.map(({ units }) => units), history.map(({ oldest_s }) => oldest_s)];
}
