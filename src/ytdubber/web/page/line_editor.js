/** One line, to be put right: its text, its voice, when it begins, how loud and how fast it is. */

import { el, note } from "./dom.js";
import { draft } from "./edits.js";
import { saidIn } from "./kept_words.js";
import { lineCuts } from "./line_cuts.js";
import { lineLane } from "./line_lane.js";
import { linePreview } from "./line_preview.js";
import { lineVoice } from "./line_voice.js";
import { lineWords } from "./line_words.js";
import { speakingPrice } from "./price.js";

/** @typedef {import("./edits.js").Edits} Edits */

const EMPTY = "A line says something. To hear nothing there, make it as soft as it can be.";
const STARTS = [0, -300, -200, -100, 100, 200, 300, 500];
const GAINS = [0, -6, -3, -1.5, 1.5, 3, 6];
const SPEEDS = [1, 1.05, 1.1, 1.15, 1.2, 1.25];

/**
 * @param {Edits} edits
 * @param {string} id of the line
 * @param {() => void} hush have the dub be silent
 * @param {(saved: boolean) => void} closed told when it is done
 */
export function lineEditor(edits, id, hush, closed) {
  const { text, edit, translated, number } = edits.of(id);
  const kept = draft(edits.job, edits.language, id);
  const name = `line-${number}`;
  const area = el("textarea", {
    id: `${name}-text`,
    rows: 2,
    maxlength: 2000,
    lang: edits.language,
    dir: "auto",
    oninput: () => {
      kept.keep(area.value);
      price.update();
    },
  });
  area.value = kept.text ?? text;
  const voice = lineVoice(edits, id, name);
  const lane = lineLane(edits, id, (ms) => offer(start, ms, later));
  const start = choice(`${name}-start`, STARTS, edit.shift_ms, later);
  start.addEventListener("change", () => lane.place.move(Number(start.value)));
  const gain = choice(`${name}-gain`, GAINS, edit.gain_db, (db) =>
    db ? `${Math.abs(db)} dB ${db < 0 ? "softer" : "louder"}` : "As the original",
  );
  const speed = choice(`${name}-speed`, SPEEDS, edit.speed, (rate) =>
    rate === 1 ? "As it fits" : `${rate} times, at least`,
  );
  const error = el("p", { class: "note bad", role: "alert", hidden: true });
  const preview = linePreview(edits, id, () => wanted(), error, hush, (ms) => lane.place.takes(ms));
  const cuts = lineCuts(edits, id, area, () => wanted(), error, () => close(true));
  const price = speakingPrice("Hearing it", () => {
    if (!area.value.trim()) return null;
    const change = wanted();
    const kind = `${edits.path} ${change.source ? "translated" : "spoken"}`;
    return { path: `${edits.path}/lines/${number}/preview/quote`, body: { change }, kind };
  });
  const words = lineWords(edits, id, area, (more) => preview.hear(more), error);
  const save = el("button", { type: "submit", class: "primary" }, "Save");
  const asMade = el(
    "button",
    { type: "button", hidden: text === translated, onclick: () => (area.value = translated) },
    "As it was translated",
  );
  const node = el(
    "form",
    {
      class: "line-editor",
      "aria-label": `Line ${number}`,
      onchange: () => price.update(),
      onsubmit: (event) => {
        event.preventDefault();
        send();
      },
      onkeydown: (event) => {
        if (event.key === "Escape") close(false);
        else if (event.key === "Enter" && event.target === area) {
          if (event.isComposing) return;
          event.preventDefault();
          if (event.shiftKey) preview.hear();
          else send();
        } else return;
        event.stopPropagation();
      },
    },
    el("label", { class: "unseen", for: area.id }, `What line ${number} says`),
    area,
    lane.node,
    el(
      "div",
      { class: "fine" },
      labelled("Voice", voice.control),
      labelled("Begins", start),
      labelled("Loudness", gain),
      labelled("Speed", speed),
    ),
    voice.person,
    words.node,
    cuts.node,
    error,
    preview.told,
    el(
      "div",
      { class: "row" },
      save,
      preview.button,
      el("button", { type: "button", onclick: () => close(false) }, "Leave it"),
      asMade,
      price.node,
    ),
  );

  /** @param {boolean} saved */
  const close = (saved) => {
    kept.forget();
    preview.close();
    price.close();
    closed(saved);
  };

  /** How the line is to be. @returns {Partial<import("./edits.js").Edit>} */
  const wanted = () => {
    const said = area.value.replace(/\s+/g, " ").trim();
    if (!said) throw new Error(EMPTY);
    return {
      text: said === translated ? null : said,
      voice: voice.chosen(),
      shift_ms: Number(start.value),
      gain_db: Number(gain.value),
      speed: Number(speed.value),
      source: cuts.source(),
      ...(said !== edits.of(id).text && { spoken_as: saidIn(edits, edits.of(id), said) }),
    };
  };

  const send = async () => {
    save.disabled = true;
    note(error, "");
    try {
      await edits.change({ ...voice.others(), [id]: wanted() });
      voice.kept();
      close(true);
    } catch (failure) {
      note(error, failure.message);
    } finally {
      save.disabled = false;
    }
  };

  price.update();
  return {
    node,
    place: lane.place,
    focus: () => {
      area.focus({ preventScroll: true });
      node.scrollIntoView({ block: "nearest" });
    },
  };
}

/** @param {number} ms than its original */
const later = (ms) =>
  ms ? `${Math.abs(ms / 1000)} s ${ms < 0 ? "earlier" : "later"}` : "With the original";

/**
 * @param {string} id
 * @param {number[]} values the usual first
 * @param {number} now
 * @param {(value: number) => string} words
 */
function choice(id, values, now, words) {
  const made = el("select", { id });
  for (const value of values) made.append(el("option", { value }, words(value)));
  offer(made, now, words);
  return made;
}

/**
 * Choose a value, which is offered from then on.
 *
 * @param {HTMLSelectElement} select
 * @param {number} value
 * @param {(value: number) => string} words
 */
function offer(select, value, words) {
  select.value = String(value);
  if (select.selectedIndex >= 0) return;
  select.append(el("option", { value }, words(value)));
  select.value = String(value);
}

/** @param {string} name @param {HTMLElement} control */
const labelled = (name, control) =>
  el("div", { class: "field" }, el("label", { for: control.id }, name), control);
