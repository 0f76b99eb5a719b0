/** Times, sizes and words as people read them. */

const SIZES = ["bytes", "kB", "MB", "GB"];
const RELATIVE = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" });
const DATE = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/**
 * A place in a recording: `1:07`, `1:02:07`; with `tenths`, `1:07.3`.
 *
 * @param {number} seconds
 * @param {boolean} [tenths]
 */
export function clock(seconds, tenths = false) {
  const all = Math.max(0, tenths ? Math.floor(seconds * 10) / 10 : Math.floor(seconds));
  const whole = Math.floor(all);
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  if (whole >= 3600) parts.unshift(Math.floor(whole / 3600));
  const text = parts.map((part, at) => (at ? String(part).padStart(2, "0") : part)).join(":");
  return tenths ? `${text}.${Math.floor((all - whole) * 10 + 1e-6)}` : text;
}

/**
 * How long something takes: `8 s`, `2 min 5 s`, `1 h 10 min`.
 *
 * @param {number} seconds
 */
export function span(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`.replace(" 0 s", "");
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`.replace(
    " 0 min",
    "",
  );
}

/** `1.6 s`. @param {number} ms */
export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/**
 * A place in a recording in words, for those who hear it read out.
 *
 * @param {number} seconds
 */
export function spoken(seconds) {
  const [minutes, rest] = [Math.floor(seconds / 60), Math.floor(seconds % 60)];
  return (minutes ? `${minutes} minutes ` : "") + `${rest} seconds`;
}

/** @param {number} count */
export function bytes(count) {
  let [size, unit] = [count, 0];
  while (size >= 1000 && unit < SIZES.length - 1) [size, unit] = [size / 1000, unit + 1];
  return `${unit && size < 10 ? size.toFixed(1) : Math.round(size)} ${SIZES[unit]}`;
}

/** @param {string} at */
export const date = (at) => DATE.format(new Date(at));

/**
 * How long ago or how far ahead, in one word or two.
 *
 * @param {string} at
 */
export function when(at) {
  const seconds = (Date.parse(at) - Date.now()) / 1000;
  const [size, ahead] = [Math.abs(seconds), Math.sign(seconds)];
  if (size < 60) return ahead < 0 ? "just now" : "in a moment";
  if (size < 3600) return RELATIVE.format(ahead * Math.round(size / 60), "minute");
  if (size < 129_600) return RELATIVE.format(ahead * Math.round(size / 3600), "hour");
  if (size < 604_800) return RELATIVE.format(ahead * Math.round(size / 86_400), "day");
  return date(at);
}

/**
 * US dollars with as many places as they need to be seen.
 *
 * @param {number} usd
 */
export const dollars = (usd) => `$${usd.toFixed(usd >= 1 ? 2 : 4)}`;

/**
 * `1 line`, `3 lines`.
 *
 * @param {number} count
 * @param {string} word
 */
export const counted = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
