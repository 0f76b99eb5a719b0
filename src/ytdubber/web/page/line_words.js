/** From a line that is listened to: what is always to be said or written so, here and later. */

import { el, note, say } from "./dom.js";
import { counted } from "./format.js";
import { changesFor, keepWord, otherwise, rewritten, saidIn } from "./kept_words.js";

/** @typedef {import("./edits.js").Edits} Edits */
/** @typedef {import("./kept_words.js").Word} Word */

const NO_WORD = "Select a word of the line, or type one.";
const UNCHANGED = "Kept for the next dub. No line of this one changes by it.";

/**
 * @param {Edits} edits
 * @param {string} id of the line
 * @param {HTMLTextAreaElement} area where its text is typed
 * @param {(more: object) => void} hear speak the line as it would be
 * @param {HTMLElement} error
 */
export function lineWords(edits, id, area, hear, error) {
  const { number } = edits.of(id);
  const input = (/** @type {string} */ name, /** @type {() => void} */ act) =>
    el("input", {
      id: `line-${number}-${name}`,
      type: "text",
      maxlength: 100,
      autocomplete: "off",
      onkeydown: (event) => {
        if (event.key !== "Enter" || event.isComposing) return;
        event.preventDefault();
        event.stopPropagation();
        act();
      },
    });
  const term = input("word", () => said.focus());
  const said = input("said", () => act(keepSaid));
  const source = input("original", () => written.focus());
  const written = input("written", () => act(keepWritten));
  const told = el("span", { class: "hint" });
  const all = el("button", { type: "button", hidden: true, onclick: () => act(everywhere) }, "");
  const node = el(
    "details",
    { class: "cuts words", ontoggle: () => node.open && take() },
    el("summary", {}, "Always say or translate a word so"),
    el(
      "div",
      { class: "fine" },
      field("The word", term),
      field("Say it as", said),
      el(
        "div",
        { class: "row" },
        button("Hear it so", () => act(heard)),
        button("Always say it so", () => act(keepSaid)),
      ),
    ),
    el(
      "div",
      { class: "fine" },
      field("Where the original says", source),
      field("Translate it as", written),
      el("div", { class: "row" }, button("Always translate it so", () => act(keepWritten))),
    ),
    el("div", { class: "row", role: "status" }, told, all),
  );
  /** What was kept last. @type {Word | null} */
  let kept = null;

  /** Take over what is selected, or the word at the cursor. */
  const take = () => {
    const [from, to] = [area.selectionStart, area.selectionEnd];
    const before = /[\p{L}\p{N}\p{M}]*$/u.exec(area.value.slice(0, from))?.[0] ?? "";
    const after = /^[\p{L}\p{N}\p{M}]*/u.exec(area.value.slice(to))?.[0] ?? "";
    const word = from === to ? before + after : area.value.slice(from, to);
    if (plain(word)) term.value = plain(word);
  };
  area.addEventListener("select", () => node.open && take());

  /** @param {() => void | Promise<void>} work */
  const act = async (work) => {
    note(error, "");
    try {
      await work();
    } catch (failure) {
      note(error, failure.message);
    }
  };

  /**
   * The word, and what is given for it.
   *
   * @param {HTMLInputElement} how
   * @returns {[string, string]}
   */
  const given = (how) => {
    const both = /** @type {[string, string]} */ ([plain(term.value), plain(how.value)]);
    if (!both[0]) throw new Error(NO_WORD);
    if (!both[1]) throw new Error(`Give how ${both[0]} is to be.`);
    return both;
  };

  const heard = () => {
    const [word, spoken] = given(said);
    hear({ spoken_as: { ...saidIn(edits, edits.of(id), area.value), [word]: spoken } });
  };
  const keepSaid = async () => {
    const [word, spoken] = given(said);
    await keep({ language: edits.language, term: word, said: spoken });
  };
  const keepWritten = async () => {
    const [word, better] = given(written);
    const original = plain(source.value);
    await keep({ language: edits.language, term: word, written: better, source: original });
  };

  /** @param {Word} word */
  const keep = async (word) => {
    await edits.change({}, keepWord(word));
    kept = word;
    tell();
  };

  /** Say what is otherwise in this dub because of what was kept. */
  const tell = () => {
    const lines = kept ? Object.keys(changesFor(edits, kept)).length : 0;
    const rest = kept ? otherwise(edits, kept) : [];
    const others = rest.length
      ? ` Other words for ${kept?.source}: line ${rest.slice(0, 5).join(", ")}.`
      : "";
    const verb = kept?.said ? "say" : "write";
    const have = `${verb}${lines === 1 ? "s" : ""} it${kept?.said ? "" : " otherwise"}`;
    say(told, lines ? `Kept. ${counted(lines, "line")} ${have}.${others}` : UNCHANGED + others);
    all.hidden = !lines;
    say(all, lines === 1 ? "Speak it again" : "Speak them again");
  };

  const everywhere = async () => {
    if (!kept) return;
    const changes = changesFor(edits, kept);
    await edits.change(changes);
    if (kept.written && id in changes) {
      area.value = rewritten(kept, area.value, edits.language);
      area.dispatchEvent(new Event("input"));
    }
    const lines = counted(Object.keys(changes).length, "line");
    say(told, `${lines} changed, and so in the next version.`);
    all.hidden = true;
  };

  return { node };
}

/** @param {string} text */
const plain = (text) => text.replace(/\s+/g, " ").trim();

/** @param {string} words @param {() => void} act */
const button = (words, act) => el("button", { type: "button", onclick: act }, words);

/** @param {string} name @param {HTMLElement} control */
const field = (name, control) =>
  el("div", { class: "field" }, el("label", { for: control.id }, name), control);
