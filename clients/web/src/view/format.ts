/** Numbers and times in words that players are used to. */

export interface Score {
  white_cp?: number | null;
  white_mate?: number | null;
}

/** White's evaluation: `+0.3`, `−1.2`, `#3`, `−#2`, or empty when unknown. */
export function evaluation({ white_cp, white_mate }: Score): string {
  if (white_mate !== null && white_mate !== undefined) {
    return white_mate === 0 ? "#" : `${white_mate < 0 ? "−" : ""}#${Math.abs(white_mate)}`;
  }
  if (white_cp === null || white_cp === undefined) return "";
  const pawns = Math.abs(white_cp) / 100;
  const text = pawns.toFixed(pawns >= 10 ? 0 : 1);
  if (Number(text) === 0) return "0.0";
  return `${white_cp < 0 ? "−" : "+"}${text}`;
}

/** The move's number as in a score sheet, right before the move: `12.` or `12...`. */
export function moveNumber(ply: number, firstPly: number): string {
  const index = ply + firstPly;
  return `${Math.ceil(index / 2)}${index % 2 ? "." : "..."}`;
}

/** `4 s`, `2 min 5 s`, `1 h 3 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min${whole % 60 ? ` ${whole % 60} s` : ""}`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Milliseconds as a duration; short ones to the tenth of a second. */
export function milliseconds(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return "–";
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : duration(ms / 1000);
}

/** `Morphy, Paul` as `Paul Morphy`; a nameless player by colour. */
export function playerName(name: string | null | undefined, colour: string): string {
  if (!name || name === "?") return colour;
  const [last, first] = name.split(", ");
  return first ? `${first} ${last}` : name;
}

/** `king_open_files` as `King open files`. */
export function words(name: string): string {
  const text = name.replace(/([a-z])([A-Z0-9])/g, "$1 $2").replaceAll("_", " ").toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : `${value.toFixed(1)} %`;
}
