/** When a line begins, to be dragged on a track of time: its room, its original, other lines. */

import { el } from "./dom.js";
import { seconds } from "./format.js";

/** @typedef {import("./edits.js").Edits} Edits */

const MOST_MS = 5000;
/** So near the original's onset it begins with it: in time, and on a screen in pixels. */
const SNAP_MS = 80;
const SNAP_PX = 4;
const GRID_MS = 10;
const STEPS_MS = { ArrowLeft: -50, ArrowRight: 50, ArrowDown: -50, ArrowUp: 50 };
/** From which rate a voice is heard to hurry, and from which a person should listen to it. */
const FAST = 1.1;
const TOO_FAST = 1.25;

/** Where a line is to be, however many tracks show it. */
export class LinePlace {
  /**
   * @param {Edits} edits
   * @param {string} id of the line
   * @param {(shift_ms: number) => void} moved told how much later than its original it begins
   */
  constructor(edits, id, moved) {
    this.lines = edits.known.lines;
    this.line = edits.of(id);
    this.onset = this.line.source_start_ms;
    this.room = this.onset + this.line.room_ms;
    this.natural = this.line.natural_ms;
    this.shift = this.line.edit.shift_ms;
    this.moved = moved;
    /** Told when it is elsewhere. @type {Set<() => void>} */
    this.shown = new Set();
  }

  get begins() {
    return this.onset + this.shift;
  }

  get rate() {
    return Math.max(1, this.natural / Math.max(1, this.room - this.begins));
  }

  get ends() {
    return this.begins + this.natural / Math.min(this.rate, TOO_FAST);
  }

  get fit() {
    return this.rate > TOO_FAST ? "flagged" : this.rate > FAST ? "fast" : "fits";
  }

  /** Where it is and how it fits, in words. */
  get told() {
    const where = this.shift
      ? `${(Math.abs(this.shift) / 1000).toFixed(2)} s ${this.shift < 0 ? "earlier" : "later"}`
      : "With the original";
    const room = seconds(this.room - this.begins);
    const much = `${where}. ${seconds(this.natural)} at its voice's pace in ${room}`;
    const over = this.begins + this.natural > this.room;
    return over ? `${much}: ${this.rate.toFixed(2)} times as fast.` : `${much}.`;
  }

  /** Have it begin so much later than its original. @param {number} ms */
  set(ms) {
    const latest = Math.min(MOST_MS, this.room - this.onset - GRID_MS);
    const bounded = Math.min(latest, Math.max(-MOST_MS, -this.onset, ms));
    this.move(Math.round(bounded / GRID_MS) * GRID_MS);
    this.moved(this.shift);
  }

  /** Show it elsewhere. @param {number} ms */
  move(ms) {
    this.shift = ms;
    this.show();
  }

  /** It was spoken anew, and takes so long now. @param {number} ms */
  takes(ms) {
    this.natural = ms;
    this.show();
  }

  show() {
    for (const how of this.shown) how();
  }
}

/**
 * A stretch of time with a line on it that is dragged, and the lines beside it.
 *
 * @param {LinePlace} place
 * @param {string} name of what is dragged
 * @param {number} from in ms
 * @param {number} to in ms
 */
export function lineTrack(place, name, from, to) {
  const { line, lines, onset, room } = place;
  const part = (/** @type {number} */ ms) => `${(100 * (ms - from)) / (to - from)}%`;

  /** @param {HTMLElement} node @param {number} begins @param {number} ends */
  const put = (node, begins, ends) => {
    node.style.left = part(Math.max(from, begins));
    node.style.width = `calc(${part(Math.min(to, ends))} - ${part(Math.max(from, begins))})`;
    node.hidden = ends <= from || begins >= to;
  };
  /** @param {string} kind @param {number} begins @param {number} ends */
  const span = (kind, begins, ends) => {
    const made = el("div", { class: `span ${kind}` });
    put(made, begins, ends);
    return made;
  };

  const bar = el("div", {
    class: "span bar",
    role: "slider",
    tabindex: 0,
    "aria-label": name,
    "aria-valuemin": -MOST_MS,
    "aria-valuemax": MOST_MS,
    onkeydown: (event) => {
      if (event.key === "Home") place.set(0);
      else if (event.key in STEPS_MS) {
        place.set(place.shift + STEPS_MS[event.key] / (event.shiftKey ? 5 : 1));
      } else return;
      event.preventDefault();
      event.stopPropagation();
    },
  });
  const others = lines.filter(
    (each) => each !== line && each.dub_end_ms > from && each.dub_start_ms < to,
  );
  const node = el(
    "div",
    { class: "track", dir: "ltr" },
    span("room", onset, room),
    span("said", onset, line.source_end_ms),
    others.map((each) => span("other", each.dub_start_ms, each.dub_end_ms)),
    bar,
  );

  const show = () => {
    put(bar, place.begins, place.ends);
    bar.dataset.rate = place.fit;
    bar.setAttribute("aria-valuenow", String(place.shift));
    bar.setAttribute("aria-valuetext", place.told);
  };

  let begun = { x: 0, shift: 0 };
  bar.addEventListener("pointerdown", (event) => {
    bar.setPointerCapture(event.pointerId);
    bar.focus({ preventScroll: true });
    begun = { x: event.clientX, shift: place.shift };
    event.preventDefault();
  });
  bar.addEventListener("pointermove", (event) => {
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const pixel = (to - from) / node.clientWidth;
    const ms = begun.shift + (event.clientX - begun.x) * pixel;
    place.set(Math.abs(ms) < Math.max(SNAP_MS, SNAP_PX * pixel) ? 0 : ms);
  });
  place.shown.add(show);
  show();
  return { node, close: () => place.shown.delete(show) };
}
