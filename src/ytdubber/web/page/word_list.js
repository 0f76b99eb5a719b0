/** What is always said or written so in a language: kept for the next dub, and to be removed. */

import { el, note, say } from "./dom.js";
import { counted } from "./format.js";
import { changesFor, keepWord, keptWords, withoutWord } from "./kept_words.js";

/** @typedef {import("./edits.js").Edits} Edits */
/** @typedef {import("./kept_words.js").Word} Word */

/** @param {() => Edits | null} current */
export function wordList(current) {
  const name = el("summary", {});
  const list = el("ul", { "aria-label": "Words that are always so" });
  const error = el("p", { class: "note bad", role: "alert", hidden: true });
  const node = el(
    "details",
    { class: "kept-words", hidden: true },
    name,
    el("p", { class: "hint" }, "Kept in this browser for the next dub, too."),
    list,
    error,
  );
  let shown = "";

  const update = () => {
    const edits = current();
    const words = edits?.known.editable ? keptWords(edits.language) : [];
    node.hidden = words.length === 0;
    if (!edits || node.hidden) return;
    const each = words.map((word) => ({ word, lines: count(edits, word) }));
    const now = JSON.stringify([edits.path, each, edits.known.rendering]);
    if (now === shown) return;
    shown = now;
    const left = each.filter(({ lines }) => lines > 0).length;
    const some = left ? `, ${left} not so in this dub` : "";
    say(name, `Always so: ${counted(words.length, "word")}${some}`);
    list.replaceChildren(...each.map(({ word, lines }) => entry(edits, word, lines)));
  };

  /** @param {Edits} edits @param {Word} word @param {number} lines that are not so */
  const entry = (edits, word, lines) =>
    el(
      "li",
      { class: "row" },
      el("span", { dir: "auto" }, described(word)),
      lines > 0 &&
        act(`${counted(lines, "line")}: speak again`, word, () =>
          edits.change(changesFor(edits, word)),
        ),
      act("Remove", word, () => edits.change(withoutWord(edits, word), keepWord(word, false))),
    );

  /** @param {string} text @param {Word} word @param {() => Promise<void>} work */
  const act = (text, word, work) => {
    const made = el(
      "button",
      { type: "button", "aria-label": `${text}: ${word.term}` },
      text,
    );
    made.addEventListener("click", async () => {
      made.disabled = true;
      note(error, "");
      try {
        await work();
        name.focus();
      } catch (failure) {
        note(error, failure.message);
      } finally {
        made.disabled = false;
      }
    });
    return made;
  };

  return { node, update };
}

/** @param {Edits} edits @param {Word} word */
const count = (edits, word) => Object.keys(changesFor(edits, word)).length;

/** @param {Word} word */
function described({ term, said, written, source }) {
  if (said) return `${term} is said ${said}`;
  return `${written} instead of ${term}${source ? `, where the original says ${source}` : ""}`;
}
