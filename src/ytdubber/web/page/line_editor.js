/** One line, to be put right: its text, its voice, when it begins, how loud and how fast it is. */

import { ask } from "./api_client.js";
import { draft } from "./edits.js";
import { el, note } from "./dom.js";

/** @typedef {import("./edits.js").Edits} Edits */

const STARTS = [0, -300, -200, -100, 100, 200, 300, 500];
const GAINS = [0, -6, -3, -1.5, 1.5, 3, 6];
const SPEEDS = [1, 1.05, 1.1, 1.15, 1.2, 1.25];

/** @type {Promise<any[]> | null} */
let languages = null;

/** The voices of a language that speak in jobs of every tier. @param {string} code */
async function voicesOf(code) {
  languages ??= ask("GET", "/api/languages").then((answer) => answer.json());
  const found = (await languages).find((each) => each.code === code);
  return found?.voices ?? [];
}

/**
 * @param {Edits} edits
 * @param {string} id of the line
 * @param {(saved: boolean) => void} closed told when it is done
 */
export function lineEditor(edits, id, closed) {
  const { text, edit, translated, number } = edits.of(id);
  const kept = draft(edits.job, edits.language, id);
  const name = `line-${number}`;
  const area = el("textarea", {
    id: `${name}-text`,
    rows: 2,
    maxlength: 2000,
    lang: edits.language,
    dir: "auto",
    oninput: () => kept.keep(area.value),
  });
  area.value = kept.text ?? text;
  const voice = el("select", { id: `${name}-voice` }, el("option", { value: "" }, "As before"));
  voicesOf(edits.language).then((voices) => {
    voice.append(...voices.map((each) => el("option", { value: each.id }, each.name)));
    voice.value = edit.voice ?? "";
  });
  const start = choice(`${name}-start`, STARTS, edit.shift_ms, (ms) =>
    ms ? `${Math.abs(ms / 1000)} s ${ms < 0 ? "earlier" : "later"}` : "With the original",
  );
  const gain = choice(`${name}-gain`, GAINS, edit.gain_db, (db) =>
    db ? `${Math.abs(db)} dB ${db < 0 ? "softer" : "louder"}` : "As the original",
  );
  const speed = choice(`${name}-speed`, SPEEDS, edit.speed, (rate) =>
    rate === 1 ? "As it fits" : `${rate} times, at least`,
  );
  const error = el("p", { class: "note bad", role: "alert", hidden: true });
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
      onsubmit: (event) => {
        event.preventDefault();
        send();
      },
      onkeydown: (event) => {
        if (event.key === "Escape") close(false);
        else if (event.key === "Enter" && event.target === area && !event.shiftKey) {
          if (event.isComposing) return;
          event.preventDefault();
          send();
        } else return;
        event.stopPropagation();
      },
    },
    el("label", { class: "unseen", for: area.id }, `What line ${number} says`),
    area,
    el(
      "div",
      { class: "fine" },
      labelled("Voice", voice),
      labelled("Begins", start),
      labelled("Loudness", gain),
      labelled("Speed", speed),
    ),
    error,
    el(
      "div",
      { class: "row" },
      save,
      el("button", { type: "button", onclick: () => close(false) }, "Leave it"),
      asMade,
    ),
  );

  /** @param {boolean} saved */
  const close = (saved) => {
    kept.forget();
    closed(saved);
  };

  const send = async () => {
    const said = area.value.replace(/\s+/g, " ").trim();
    if (!said) {
      note(error, "A line says something. To hear nothing there, make it as soft as it can be.");
      return;
    }
    save.disabled = true;
    note(error, "");
    try {
      await edits.change(id, {
        text: said === translated ? null : said,
        voice: voice.value || null,
        shift_ms: Number(start.value),
        gain_db: Number(gain.value),
        speed: Number(speed.value),
      });
      close(true);
    } catch (failure) {
      note(error, failure.message);
    } finally {
      save.disabled = false;
    }
  };

  return {
    node,
    focus: () => {
      area.focus({ preventScroll: true });
      node.scrollIntoView({ block: "nearest" });
    },
  };
}

/**
 * @param {string} id
 * @param {number[]} values the usual first
 * @param {number} now
 * @param {(value: number) => string} words
 */
function choice(id, values, now, words) {
  const all = values.includes(now) ? values : [...values, now];
  const made = el(
    "select",
    { id },
    all.map((value) => el("option", { value }, words(value))),
  );
  made.value = String(now);
  return made;
}

/** @param {string} name @param {HTMLElement} control */
const labelled = (name, control) =>
  el("div", { class: "field" }, el("label", { for: control.id }, name), control);
