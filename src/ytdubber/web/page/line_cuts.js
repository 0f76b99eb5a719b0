/** What is done to a line besides what it says: it is cut, joined, not said, kept, or put right. */

import { note, el } from "./dom.js";

/** @typedef {import("./edits.js").Edits} Edits */

const NO_CURSOR = "Put the cursor where the second line is to begin.";
const [ROOM_MS, BESIDE_MS, LONGEST_MS, AT_END_MS] = [900, 100, 4000, 2000];

/**
 * @param {Edits} edits
 * @param {string} id of the line
 * @param {HTMLTextAreaElement} area where its text is typed
 * @param {() => Partial<import("./edits.js").Edit>} wanted how it is to be as it is typed
 * @param {HTMLElement} error
 * @param {() => void} closed told when it is done
 */
export function lineCuts(edits, id, area, wanted, error, closed) {
  const { edit, source, number } = edits.of(id);
  const said = edits.known.lines.filter((line) => !line.edit.removed);
  const next = said[said.findIndex((line) => line.id === id) + 1];
  const heard = el("input", { id: `line-${number}-source`, type: "text", value: source });
  const more = el("input", { id: `line-${number}-added`, type: "text", maxlength: 2000 });

  /** @param {string} words @param {() => Promise<void>} work @param {boolean} [there] */
  const button = (words, work, there = true) => {
    const made = el("button", { type: "button", hidden: !there }, words);
    made.addEventListener("click", async () => {
      made.disabled = true;
      note(error, "");
      try {
        await work();
        closed();
      } catch (failure) {
        note(error, failure.message);
      } finally {
        made.disabled = false;
      }
    });
    return made;
  };

  const split = async () => {
    const at = plain(area.value.slice(0, area.selectionStart)).trimStart().length;
    if (!at || at >= plain(area.value).trim().length) throw new Error(NO_CURSOR);
    await edits.change({ [id]: wanted() });
    await edits.cut(`/${id}/split`, { at });
  };
  const join = async () => {
    await edits.change({ [id]: wanted() });
    await edits.cut(`/${id}/merge`);
  };
  /** @param {boolean} removed */
  const remove = (removed) => () => edits.change({ [id]: { removed } });
  /** @param {boolean} keep_original */
  const keep = (keep_original) => () => edits.change({ [id]: { keep_original } });
  const dubbed = !edit.removed && !edit.keep_original;
  const add = async () => edits.cut("", { text: more.value, ...gap(edits.of(id), next) });

  const room = !next || next.source_start_ms - edits.of(id).source_end_ms > ROOM_MS;
  const node = el(
    "details",
    { class: "cuts" },
    el("summary", {}, "Cut, join, or put right what was said"),
    field("What was said", heard),
    el(
      "div",
      { class: "row" },
      button("Split at the cursor", split, dubbed),
      button("Join with the next", join, dubbed && Boolean(next)),
      button("Keep the original here", keep(true), dubbed),
      button("Dub it again", keep(false), edit.keep_original),
      button("Do not say it", remove(true), dubbed),
      button("Say it again", remove(false), edit.removed),
    ),
    room && field("Say something after it", more),
    room && el("div", { class: "row" }, button("Add the line", add)),
  );
  node.open = edit.removed || edit.keep_original;
  return {
    node,
    /** What was said there, where it was put right. @returns {string | null} */
    source: () => {
      const typed = plain(heard.value).trim();
      return typed === source ? edit.source : typed || null;
    },
  };
}

/** @param {string} text */
const plain = (text) => text.replace(/\s+/g, " ");

/** When a line is that follows another. @param {any} line @param {any} [next] */
function gap(line, next) {
  const start_ms = line.source_end_ms + BESIDE_MS;
  if (!next) return { start_ms, end_ms: start_ms + AT_END_MS };
  return { start_ms, end_ms: Math.min(next.source_start_ms - BESIDE_MS, start_ms + LONGEST_MS) };
}

/** @param {string} name @param {HTMLElement} control */
const field = (name, control) =>
  el("div", { class: "field" }, el("label", { for: control.id }, name), control);
