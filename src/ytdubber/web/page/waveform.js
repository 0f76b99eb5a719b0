/** Original and dub above one another: their sound, the lines in it, and where one is. */

import { band, bars, colours, fitted, onset } from "./canvas.js";
import { LEVELS_A_SECOND } from "./levels.js";

/** @typedef {import("./lines.js").Line} Line */
/**
 * @typedef {object} Scene
 * @property {number} length_s
 * @property {Line[]} lines
 * @property {Float32Array | null} original
 * @property {Float32Array | null} dub
 */

const AXIS = 20;
const BETWEEN = 10;
/** What is shown at once: all of a short recording, a minute of a long one. */
const WHOLE_S = 90;
const PAGE_S = 60;
const TICKS_S = [1, 2, 5, 10, 15, 30];

export class Waveform {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {() => void} redraw called when it has another size or other colours
   */
  constructor(canvas, redraw) {
    this.canvas = canvas;
    /** @type {Scene} */
    this.scene = { length_s: 0, lines: [], original: null, dub: null };
    this.from_s = 0;
    this.resized = new ResizeObserver(() => {
      this.colours = colours(canvas);
      redraw();
    });
    this.resized.observe(canvas);
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.themed = () => {
      this.colours = colours(canvas);
      redraw();
    };
    this.dark.addEventListener("change", this.themed);
    this.colours = colours(canvas);
  }

  /** How much is shown, in seconds. */
  get span_s() {
    return this.scene.length_s <= WHOLE_S ? this.scene.length_s : PAGE_S;
  }

  /** The moment under a place on the canvas. @param {number} x in CSS pixels */
  moment(x) {
    return this.from_s + (x / this.canvas.clientWidth) * this.span_s;
  }

  /**
   * @param {number} time_s
   * @param {boolean} original whether the original is heard
   * @param {number} current the line that is heard now, or -1
   */
  draw(time_s, original, current) {
    const { canvas, scene, colours: c } = this;
    const [context, width, height] = fitted(canvas);
    if (!scene.length_s || !width) return;
    this.turn(time_s);
    const lane = (height - AXIS - BETWEEN) / 2;
    const lanes = [0, lane + BETWEEN];
    const x = (/** @type {number} */ s) => ((s - this.from_s) / this.span_s) * width;
    this.axis(context, x, width, height);
    const until_s = this.from_s + this.span_s;
    scene.lines.forEach((line, at) => {
      if (Math.max(line.room_s, line.to_s, line.dub_to_s) < this.from_s) return;
      if (Math.min(line.from_s, line.dub_from_s) > until_s) return;
      const now = at === current;
      const [from, to, room] = [line.from_s, line.to_s, line.room_s].map(x);
      band(context, c.room, from, room, lanes[0], lane);
      const review = now ? c.reviewNow : c.review;
      const said = line.lost ? review : now ? c.originalNow : c.originalBand;
      band(context, said, from, to, lanes[0], lane);
      const [begins, ends] = [x(line.dub_from_s), x(line.dub_to_s)];
      const dubbed = line.review.length ? review : now ? c.dubNow : c.dubBand;
      band(context, dubbed, begins, ends, lanes[1], lane);
      if (now) onset(context, c, from, begins, lanes, lane);
    });
    const [first, second] = original ? [c.original, c.dubFar] : [c.originalFar, c.dub];
    this.bars(context, scene.original, first, lanes[0], lane, width);
    this.bars(context, scene.dub, second, lanes[1], lane, width);
    context.fillStyle = c.ink;
    context.fillRect(Math.min(width - 2, Math.max(0, x(time_s) - 1)), 0, 2, height - AXIS + 4);
  }

  /** Turn the page when the moment leaves it. @param {number} time_s */
  turn(time_s) {
    if (this.span_s === this.scene.length_s) this.from_s = 0;
    else if (time_s < this.from_s || time_s > this.from_s + this.span_s * 0.95) {
      const latest = this.scene.length_s - this.span_s;
      this.from_s = Math.max(0, Math.min(latest, time_s - this.span_s * 0.05));
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {(s: number) => number} x
   * @param {number} width
   * @param {number} height
   */
  axis(context, x, width, height) {
    const every_s = TICKS_S.find((s) => (s / this.span_s) * width >= 56) ?? 60;
    context.fillStyle = this.colours.quiet;
    context.font = "11px system-ui, sans-serif";
    context.textBaseline = "bottom";
    const last_s = this.from_s + this.span_s;
    for (let s = Math.ceil(this.from_s / every_s) * every_s; s <= last_s; s += every_s) {
      const text = `${Math.floor(s / 60)}:${String(Math.round(s % 60)).padStart(2, "0")}`;
      const room = context.measureText(text).width;
      context.fillText(text, Math.min(width - room, Math.max(0, x(s) - room / 2)), height);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Float32Array | null} levels
   * @param {string} colour
   * @param {number} top
   * @param {number} height
   * @param {number} width
   */
  bars(context, levels, colour, top, height, width) {
    if (!levels) return;
    const from = this.from_s * LEVELS_A_SECOND;
    const to = from + this.span_s * LEVELS_A_SECOND;
    bars(context, levels, colour, [from, to], [top, height, width]);
  }

  close() {
    this.resized.disconnect();
    this.dark.removeEventListener("change", this.themed);
  }
}

/**
 * Have a finger or a pointer on the waves lead to its moment.
 *
 * @param {Waveform} waveform
 * @param {(time_s: number) => void} lead
 */
export function scrubbed(waveform, lead) {
  const { canvas } = waveform;
  /** @param {PointerEvent} event */
  const scrub = (event) => {
    const { left } = canvas.getBoundingClientRect();
    lead(waveform.moment(event.clientX - left));
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    scrub(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) scrub(event);
  });
}
