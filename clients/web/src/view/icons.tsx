import type { JSX } from "preact";

/** Drawn here, since fonts differ in which of these signs they have. 24 units square, in the text's colour. */
const PATHS = {
  first: "M6 5h2.5v14H6zM19 5v14l-9-7z",
  back: "M16 5v14l-9-7z",
  on: "M8 5v14l9-7z",
  last: "M15.5 5H18v14h-2.5zM5 5v14l9-7z",
  flip: "M7 4l4 4H8.5v8h-3V8H3zM17 20l-4-4h2.5V8h3v8H21z",
  theme: "M12 3a9 9 0 0 0 0 18zM12 3a9 9 0 0 1 0 18v-2a7 7 0 0 0 0-14z",
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }): JSX.Element {
  return <svg width="20" height="20" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true"><path fill-rule="evenodd" d={PATHS[name]} /></svg>;
}
