/** When a line begins, in its editor and under the waves: the same place on two tracks of time. */

import { el, say } from "./dom.js";
import { LinePlace, lineTrack } from "./line_place.js";

/** @typedef {import("./edits.js").Edits} Edits */

const BESIDE_MS = 1500;

/**
 * The track in an editor: the line, with what is around it.
 *
 * @param {Edits} edits
 * @param {string} id of the line
 * @param {(shift_ms: number) => void} moved told how much later than its original it begins
 */
export function lineLane(edits, id, moved) {
  const place = new LinePlace(edits, id, moved);
  const { line, onset, room } = place;
  const from = Math.max(0, Math.min(onset, line.dub_start_ms) - BESIDE_MS);
  const to = Math.max(room, line.source_end_ms, line.dub_end_ms) + BESIDE_MS;
  const told = el("span", { class: "hint" });
  const track = lineTrack(place, `Start of line ${line.number}`, from, to);
  const tell = () => say(told, place.told);
  place.shown.add(tell);
  tell();
  return { node: el("div", { class: "lane-editor" }, track.node, told), place };
}

/** The track under the waves: it shows what they show, and the line whose editor is open. */
export function waveLane() {
  const node = el("div", { class: "lane-editor wave-lane", hidden: true });
  /** Those whose editors are open, the last one last. @type {LinePlace[]} */
  let places = [];
  /** @type {ReturnType<typeof lineTrack> | null} */
  let track = null;
  let shown = "";
  let range = [0, 0];

  const draw = () => {
    const place = places.at(-1);
    const [from, to] = range;
    const now = place && to > from ? `${place.line.id} ${from} ${to}` : "";
    if (now === shown) return;
    shown = now;
    track?.close();
    track = null;
    node.replaceChildren();
    node.hidden = !now;
    if (!place || !now) return;
    track = lineTrack(place, `Line ${place.line.number} under the waves`, from, to);
    node.append(track.node);
  };

  return {
    node,
    /** @param {LinePlace} place */
    open: (place) => {
      if (place === places.at(-1)) return;
      places = [...places.filter((each) => each !== place), place];
      shown = "another";
      draw();
    },
    /** Whether the waves show where it begins. @param {LinePlace} place */
    has: ({ begins }) => range[0] <= begins && begins < range[1],
    /** @param {LinePlace} place */
    close: (place) => {
      places = places.filter((each) => each !== place);
      shown = "another";
      draw();
    },
    /** No editor is open. */
    clear: () => {
      places = [];
      draw();
    },
    /** Show what the waves show. @param {number} from_s @param {number} span_s */
    follow: (from_s, span_s) => {
      range = [1000 * from_s, 1000 * (from_s + span_s)];
      draw();
    },
  };
}
