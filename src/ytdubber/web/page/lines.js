/** The lines of a dub: what was said, what is said now, and when. */

import { el, icon, note, releaseFocus, say } from "./dom.js";
import { clock } from "./format.js";

/**
 * @typedef {object} Line
 * @property {string} source
 * @property {string} target
 * @property {number} from_s in the original
 * @property {number} to_s
 * @property {number} room_s where the next line begins, about
 * @property {number} dub_from_s in the dub
 * @property {number} dub_to_s
 * @property {number} rate how much faster than its voice's own pace it is spoken
 * @property {boolean} review whether a person should listen to it
 */

/**
 * The lines of a `translation.json`.
 *
 * @param {any} texts
 * @returns {Line[]}
 */
export function linesOf(texts) {
  return texts.utterances.map((each) => ({
    source: each.source,
    target: each.target,
    from_s: each.source_start_ms / 1000,
    to_s: each.source_end_ms / 1000,
    room_s: (each.source_start_ms + each.slot_ms) / 1000,
    dub_from_s: each.dub_start_ms / 1000,
    dub_to_s: each.dub_end_ms / 1000,
    rate: each.rate,
    review: each.needs_review,
  }));
}

/**
 * Which line is heard; -1 in a pause.
 *
 * @param {Line[]} lines in the order of the recording
 * @param {number} time_s
 * @param {boolean} original
 */
export function lineAt(lines, time_s, original) {
  const at = lines.findLastIndex(
    (line) => (original ? line.from_s : line.dub_from_s) <= time_s + 0.03,
  );
  const end_s = at < 0 ? 0 : original ? lines[at].to_s : lines[at].dub_to_s;
  return time_s <= end_s + 0.15 ? at : -1;
}

/**
 * The caption under the waves, and the list of all lines.
 *
 * @param {(line: Line) => void} jump
 */
export function lineView(jump) {
  const target = el("p", { class: "target", dir: "auto" });
  const source = el("p", { class: "source", dir: "auto" });
  const review = el("p", { class: "note warn", hidden: true });
  const caption = el(
    "div",
    { class: "caption", "aria-label": "The line that is heard" },
    target,
    source,
    review,
  );
  const list = el("ol", { class: "lines", "aria-label": "Lines; choose one to jump there" });
  /** @type {{line: Line, button: HTMLButtonElement}[]} */
  let entries = [];
  let marked = -2;

  /** @param {Line[]} lines @param {string} language */
  const show = (lines, language) => {
    marked = -2;
    target.lang = language;
    entries = lines.map((line) => ({ line, button: entry(line, language, jump) }));
    list.replaceChildren(...entries.map(({ button }) => el("li", {}, button)));
  };

  /**
   * @param {number} at
   * @param {boolean} original whether it is heard in the original's words
   */
  const mark = (at, original) => {
    caption.classList.toggle("original", original);
    if (at === marked) return;
    entries[marked]?.button.removeAttribute("aria-current");
    marked = at;
    caption.classList.toggle("past", at < 0);
    const { line, button } = entries[at] ?? {};
    if (!line || !button) return;
    button.setAttribute("aria-current", "true");
    say(target, line.target);
    say(source, line.source);
    note(
      review,
      line.review ? `Listen closely: spoken ${line.rate.toFixed(2)} times as fast to fit.` : "",
    );
    if (!list.matches(":hover, :focus-within")) reveal(list, button);
  };

  return { caption, list, show, mark };
}

/**
 * @param {Line} line
 * @param {string} language
 * @param {(line: Line) => void} jump
 */
function entry(line, language, jump) {
  const review = line.review && el("span", { class: "tag warn" }, icon("flag"), "Review");
  return el(
    "button",
    {
      type: "button",
      class: line.review ? "review" : "",
      onclick: (event) => {
        releaseFocus(event);
        jump(line);
      },
    },
    el("span", { class: "at" }, clock(line.from_s, true)),
    el(
      "span",
      { class: "text" },
      el("span", { lang: language, dir: "auto" }, line.target),
      el("span", { class: "source", dir: "auto" }, line.source),
    ),
    review,
  );
}

/**
 * Bring a line into view inside its list, and leave the page where it is.
 *
 * @param {HTMLElement} list
 * @param {HTMLElement} button
 */
function reveal(list, button) {
  const [outer, inner] = [list.getBoundingClientRect(), button.getBoundingClientRect()];
  if (inner.top < outer.top || inner.bottom > outer.bottom) {
    list.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 3;
  }
}
