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
 * @property {string[]} review why a person should listen to it
 * @property {boolean} lost whether it is no line: somebody speaks and no word was made out
 */

const LOST = "Somebody speaks here and nothing was made out.";
const PAST_END = "Somebody speaks past the end of the recording.";

/**
 * The lines of a `translation.json`, and between them the stretches without one in which somebody
 * speaks, in the order of the recording.
 *
 * @param {any} texts
 * @param {number} length_s of the dub
 * @returns {Line[]}
 */
export function linesOf(texts, length_s) {
  const lines = texts.utterances.map((each) => ({
    source: each.source,
    target: each.target,
    from_s: each.source_start_ms / 1000,
    to_s: each.source_end_ms / 1000,
    room_s: (each.source_start_ms + each.slot_ms) / 1000,
    dub_from_s: each.dub_start_ms / 1000,
    dub_to_s: each.dub_end_ms / 1000,
    rate: each.rate,
    review: each.review ?? [],
    lost: false,
  }));
  const lost = (texts.uncovered ?? []).map((each) => lostStretch(each, length_s));
  return [...lines, ...lost].sort((one, two) => one.from_s - two.from_s);
}

/**
 * @param {{start_ms: number, end_ms: number}} stretch
 * @param {number} length_s of the dub
 * @returns {Line}
 */
function lostStretch({ start_ms, end_ms }, length_s) {
  const [from_s, to_s] = [start_ms / 1000, end_ms / 1000];
  const past = end_ms > Math.floor(length_s * 1000);
  return {
    source: "",
    target: past ? PAST_END : LOST,
    from_s,
    to_s,
    room_s: to_s,
    dub_from_s: from_s,
    dub_to_s: to_s,
    rate: 1,
    review: [past ? "past_end" : "uncovered"],
    lost: true,
  };
}

/** Why a line should be listened to, in words. @param {Line} line */
function reasons({ review, rate }) {
  const words = {
    too_fast: `spoken ${rate.toFixed(2)} times as fast to fit`,
    not_translated: "it could not be translated and is spoken as it was said",
    past_end: "what is said past the end of the recording is not heard",
    uncovered: "nothing is dubbed here",
  };
  return review.map((reason) => words[reason] ?? reason).join("; ");
}

/**
 * Which line is heard; -1 in a pause.
 *
 * @param {Line[]} lines in the order of the recording
 * @param {number} time_s
 * @param {boolean} original
 */
export function lineAt(lines, time_s, original) {
  return lines.findLastIndex((line) => {
    const [from_s, to_s] = original
      ? [line.from_s, line.to_s]
      : [line.dub_from_s, line.dub_to_s];
    return from_s <= time_s + 0.03 && time_s <= to_s + 0.15;
  });
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
    { class: "caption", role: "group", "aria-label": "The line that is heard" },
    target,
    source,
    review,
  );
  const list = el("ol", { class: "lines", "aria-label": "Lines; choose one to jump there" });
  /** @type {{line: Line, button: HTMLButtonElement}[]} */
  let entries = [];
  let marked = -2;
  let spoken = "";

  /** @param {Line[]} lines @param {string} language */
  const show = (lines, language) => {
    marked = -2;
    spoken = language;
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
    caption.classList.toggle("lost", line.lost);
    target.lang = line.lost ? "en" : spoken;
    say(target, line.target);
    say(source, line.source);
    note(review, line.review.length ? `Listen closely: ${reasons(line)}.` : "");
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
  const flagged = line.review.length > 0;
  const review =
    flagged && el("span", { class: "tag warn", title: reasons(line) }, icon("flag"), "Review");
  const until = line.lost && el("span", { class: "until" }, `to ${clock(line.to_s, true)}`);
  return el(
    "button",
    {
      type: "button",
      class: [flagged && "review", line.lost && "lost"].filter(Boolean).join(" "),
      onclick: (event) => {
        releaseFocus(event);
        jump(line);
      },
    },
    el("span", { class: "at" }, clock(line.from_s, true), until),
    el(
      "span",
      { class: "text" },
      el("span", { lang: line.lost ? "en" : language, dir: "auto" }, line.target),
      line.source && el("span", { class: "source", dir: "auto" }, line.source),
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
