/** When a line begins, to be dragged: its room, what is said before and after it, its original. */

import { el, say } from "./dom.js";
import { seconds } from "./format.js";

/** @typedef {import("./edits.js").Edits} Edits */

const MOST_MS = 5000;
const BESIDE_MS = 1500;
/** So near the original's onset it begins with it. */
const SNAP_MS = 80;
const GRID_MS = 10;
const STEPS_MS = { ArrowLeft: -50, ArrowRight: 50, ArrowDown: -50, ArrowUp: 50 };
/** From which rate a voice is heard to hurry, and from which a person should listen to it. */
const FAST = 1.1;
const TOO_FAST = 1.25;

/**
 * @param {Edits} edits
 * @param {string} id of the line
 * @param {(shift_ms: number) => void} moved told how much later than its original it begins
 */
export function lineLane(edits, id, moved) {
  const { lines } = edits.known;
  const at = lines.findIndex((line) => line.id === id);
  const line = lines[at];
  const onset = line.source_start_ms;
  const room = onset + line.room_ms;
  let natural = line.natural_ms;
  let shift = line.edit.shift_ms;
  const from = Math.max(0, Math.min(onset, line.dub_start_ms) - BESIDE_MS);
  const to = Math.max(room, line.source_end_ms, line.dub_end_ms) + BESIDE_MS;
  const part = (/** @type {number} */ ms) => `${(100 * (ms - from)) / (to - from)}%`;

  /** @param {string} kind @param {number} begins @param {number} ends @param {string} [text] */
  const span = (kind, begins, ends, text = "") => {
    const made = el("div", { class: `span ${kind}` }, text);
    place(made, begins, ends);
    return made;
  };
  /** @param {HTMLElement} node @param {number} begins @param {number} ends */
  const place = (node, begins, ends) => {
    node.style.left = part(Math.max(from, begins));
    node.style.width = `calc(${part(Math.min(to, ends))} - ${part(Math.max(from, begins))})`;
  };

  const beside = [lines[at - 1], lines[at + 1]].filter(Boolean);
  const others = beside
    .filter((each) => each.dub_end_ms > from && each.dub_start_ms < to)
    .map((each) => span("other", each.dub_start_ms, each.dub_end_ms));
  const bar = el("div", {
    class: "span bar",
    role: "slider",
    tabindex: 0,
    "aria-label": `Start of line ${line.number}`,
    "aria-valuemin": -MOST_MS,
    "aria-valuemax": MOST_MS,
    onkeydown: (event) => {
      if (event.key === "Home") set(0);
      else if (event.key in STEPS_MS) {
        set(shift + STEPS_MS[event.key] / (event.shiftKey ? 5 : 1));
      } else return;
      event.preventDefault();
      event.stopPropagation();
    },
  });
  const told = el("span", { class: "hint" });
  const track = el(
    "div",
    { class: "track", dir: "ltr" },
    span("room", onset, room),
    span("said", onset, line.source_end_ms),
    others,
    bar,
  );
  const node = el("div", { class: "lane-editor" }, track, told);

  const show = () => {
    const begins = onset + shift;
    const rate = Math.max(1, natural / Math.max(1, room - begins));
    place(bar, begins, begins + natural / Math.min(rate, TOO_FAST));
    bar.dataset.rate = rate > TOO_FAST ? "flagged" : rate > FAST ? "fast" : "fits";
    bar.setAttribute("aria-valuenow", String(shift));
    const where = shift
      ? `${(Math.abs(shift) / 1000).toFixed(2)} s ${shift < 0 ? "earlier" : "later"}`
      : "With the original";
    const over = begins + natural - room;
    const much = `${where}. ${seconds(natural)} at its voice's pace in ${seconds(room - begins)}`;
    const text = over > 0 ? `${much}: ${rate.toFixed(2)} times as fast.` : `${much}.`;
    say(told, text);
    bar.setAttribute("aria-valuetext", text);
  };

  /** @param {number} ms */
  const set = (ms) => {
    const bounded = Math.min(MOST_MS, room - onset - GRID_MS, Math.max(-MOST_MS, -onset, ms));
    shift = Math.round(bounded / GRID_MS) * GRID_MS;
    show();
    moved(shift);
  };

  let begun = { x: 0, shift: 0 };
  bar.addEventListener("pointerdown", (event) => {
    bar.setPointerCapture(event.pointerId);
    bar.focus({ preventScroll: true });
    begun = { x: event.clientX, shift };
    event.preventDefault();
  });
  bar.addEventListener("pointermove", (event) => {
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const ms = begun.shift + ((event.clientX - begun.x) / track.clientWidth) * (to - from);
    set(Math.abs(ms) < SNAP_MS ? 0 : ms);
  });
  show();

  return {
    node,
    /** Show it elsewhere. @param {number} ms */
    move: (ms) => {
      shift = ms;
      show();
    },
    /** It was spoken anew, and takes so long now. @param {number} ms */
    takes: (ms) => {
      natural = ms;
      show();
    },
  };
}
