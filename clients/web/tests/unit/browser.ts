/** The little of a browser that the logic touches: who looks at the page, and where it is. */
import { vi } from "vitest";

export class FakeDocument extends EventTarget {
  hidden = false;

  get visibilityState(): string {
    return this.hidden ? "hidden" : "visible";
  }

  show(isShown: boolean): void {
    this.hidden = !isShown;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

export const page = new FakeDocument();
export const tab = new EventTarget();
vi.stubGlobal("document", page);
vi.stubGlobal("window", tab);
vi.stubGlobal("addEventListener", () => undefined);
vi.stubGlobal("location", { hash: "" });
