import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import type { ApiError } from "../api/problem";

/** A labelled input. */
export function Field({ label, ...rest }: { label: string } & JSX.IntrinsicElements["input"]): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} {...rest} />
    </div>
  );
}

/** A labelled choice. */
export function Choice({ label, options, ...rest }: {
  label: string;
  options: [value: string, text: string][];
} & JSX.IntrinsicElements["select"]): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} {...rest}>
        {options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
      </select>
    </div>
  );
}

/** A message in the page; screen readers say it when it appears. */
export function Notice({ kind, children }: { kind: "good" | "bad" | "calm"; children: ComponentChildren }): JSX.Element {
  return <div class={`notice ${kind}`} role={kind === "bad" ? "alert" : "status"}>{children}</div>;
}

/** What went wrong and what to do. */
export function Trouble({ error, onRetry }: { error: ApiError; onRetry?: (() => void) | undefined }): JSX.Element {
  return (
    <Notice kind="bad">
      <p><strong>{error.message}</strong> {error.advice}</p>
      {error.code === "internal_error" && error.requestId && <p class="muted">Request {error.requestId}</p>}
      {onRetry && <button type="button" onClick={onRetry}>Try again</button>}
    </Notice>
  );
}
