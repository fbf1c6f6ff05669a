import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { ApiClient } from "../api/client";
import { Poller } from "../api/poll";
import { asApiError, type ApiError } from "../api/problem";
import type { OperationsMetrics } from "../api/schema";
import { Trouble } from "../view/parts";
import { DeadLetters } from "./dead-letters";
import { extended, sampleOf, type Sample } from "./history";
import { QueueChart } from "./queue-chart";
import { TimesByLength } from "./lengths";
import { LastHour, QueueNow } from "./tables";
import "../style/facts.css";
import "../style/operators.css";

const EVERY_S = 5;

/** The service in numbers, for users whose profile says that they run it. */
export function OperatorsRoute({ api }: { api: ApiClient }): JSX.Element {
  const metrics = useSignal<OperationsMetrics | null>(null);
  const history = useSignal<Sample[]>([]);
  const trouble = useSignal<ApiError | null>(null);

  useEffect(() => {
    const poller = new Poller(
      async () => {
        const answer = await api.metrics();
        metrics.value = answer;
        history.value = extended(history.value, sampleOf(answer, Date.now() / 1000));
        trouble.value = null;
        return { retryAfterS: EVERY_S };
      },
      (error) => {
        trouble.value = asApiError(error);
        return trouble.value.isPassing;
      },
    );
    void poller.refresh();
    return () => poller.stop();
  }, [api]);

  const { queue, last_hour, problems } = metrics.value ?? { queue: null, last_hour: null, problems: [] };
  return (
    <div class="operators">
      <h1>Operators</h1>
      {trouble.value && <Trouble error={trouble.value} />}
      {!metrics.value && !trouble.value && <p class="muted" role="status">Loading…</p>}
      {problems.map(({ code, detail }) => <p key={code} class="notice bad" role="alert">Some numbers are missing: {detail}</p>)}
      {metrics.value && (
        <>
          <QueueChart history={history.value} />
          {queue && <QueueNow queue={queue} />}
          {last_hour && <LastHour hour={last_hour} feedback={metrics.value.feedback} />}
          {last_hour && <TimesByLength hour={last_hour} />}
          <DeadLetters api={api} count={metrics.value.dead_letters} />
        </>
      )}
    </div>
  );
}
