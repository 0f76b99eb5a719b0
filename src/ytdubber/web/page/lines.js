/** The lines of a dub: the one that is heard, and all of them, to jump to and to change. */

import { el, icon, note, releaseFocus, say } from "./dom.js";
import { draft } from "./edits.js";
import { clock } from "./format.js";
import { pendingLine, reasons } from "./line_data.js";
import { lineEditor } from "./line_editor.js";

/** @typedef {import("./edits.js").Edits} Edits */

/** @typedef {import("./line_data.js").Line} Line */
/** @typedef {ReturnType<import("./work_list.js").workList>} WorkList */

/**
 * The caption under the waves, and the list of all lines.
 *
 * @param {(line: Line) => void} jump
 * @param {WorkList} work those that are to be looked at
 * @param {() => void} hush have the dub be silent
 * @param {ReturnType<import("./line_lane.js").waveLane>} lane under the waves
 */
export function lineView(jump, work, hush, lane) {
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
  /** @type {{line: Line, node: HTMLElement, button: HTMLButtonElement, shown: string}[]} */
  let entries = [];
  /** Those that the dub does not have yet. @type {typeof entries} */
  let pending = [];
  /** What a person changes in them, where they may. @type {Edits | null} */
  let edits = null;
  let marked = -2;
  let spoken = "";

  /** @param {Line[]} lines @param {string} language @param {Edits | null} changes */
  const show = (lines, language, changes) => {
    marked = -2;
    spoken = language;
    edits = changes;
    lane.clear();
    entries = lines.map((line) => {
      const button = entry(line, language, jump, edits?.of(line.id), work.ticked(line));
      const tick = line.review.length > 0 && work.tick(line);
      const node = el("li", {}, button, el("div", {}, tick, pen(line)));
      return { line, button, node, shown: shownOf(line) };
    });
    list.replaceChildren(...entries.map(({ node }) => node));
    pending = [];
    add();
    for (const { line } of entries) {
      if (edits && line.id && draft(edits.job, language, line.id).text !== null) open(line);
    }
  };

  /** Show the lines that the dub does not have yet where they will be. */
  const add = () => {
    const there = new Set(entries.map(({ line }) => line.id));
    const wanted = (edits?.known.lines ?? []).filter(
      (told) => !there.has(told.id) && !told.edit.removed,
    );
    for (const { node } of pending) node.remove();
    pending = wanted.map((told) => {
      const line = pendingLine(told);
      const button = entry(line, spoken, jump, told, false);
      const node = el("li", {}, button, el("div", {}, pen(line)));
      const after = entries.find((each) => each.line.from_s > line.from_s);
      list.insertBefore(node, after?.node ?? null);
      return { line, button, node, shown: "" };
    });
  };

  /** All that can come to differ in how a line is shown. @param {Line} line */
  const shownOf = (line) => {
    const told = edits?.of(line.id);
    const { edited, text, state, edit, source } = told ?? {};
    const { removed, keep_original } = edit ?? {};
    return [work.ticked(line), edited, text, state, removed, keep_original, source].join(" ");
  };

  /** What opens a line to be changed. @param {Line} line */
  const pen = (line) =>
    edits?.known.editable &&
    line.id &&
    el(
      "button",
      {
        type: "button",
        class: "pen",
        "aria-label": penName(line),
        onclick: () => open(line, true),
      },
      icon("pen"),
    );

  /** Its name: a line's number is another where lines before it were cut. @param {Line} line */
  const penName = (line) => `Change line ${edits?.of(line.id)?.number ?? ""}`;

  /** @param {Line} line @param {boolean} [focus] */
  const open = (line, focus = false) => {
    const place = [...entries, ...pending].find((each) => each.line === line);
    if (!place || !edits || place.node.querySelector("form")) return;
    const editor = lineEditor(edits, line.id, hush, () => {
      editor.node.remove();
      lane.close(editor.place);
      refresh();
      if (!place.node.isConnected) return;
      const again = place.node.querySelector(".pen");
      if (again instanceof HTMLElement) again.focus({ preventScroll: true });
    });
    place.node.append(editor.node);
    editor.node.addEventListener("focusin", () => lane.open(editor.place));
    lane.open(editor.place);
    if (focus && !lane.has(editor.place)) jump(line);
    if (focus) editor.focus();
  };

  /** Show what was changed. @param {Line} [only] all lines unless it is given */
  const refresh = (only) => {
    for (const each of entries) {
      const { line } = each;
      if (only && line !== only) continue;
      each.node.querySelector(".pen")?.setAttribute("aria-label", penName(line));
      const now = shownOf(line);
      if (now === each.shown) continue;
      each.shown = now;
      const button = entry(line, spoken, jump, edits?.of(line.id), work.ticked(line));
      each.button.replaceWith(button);
      each.button = button;
      const tick = each.node.querySelector(".tick");
      tick?.setAttribute("aria-pressed", String(work.ticked(line)));
    }
    if (!only) add();
    marked = -2;
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

  return { caption, list, show, mark, refresh };
}

/**
 * @param {Line} line
 * @param {string} language
 * @param {(line: Line) => void} jump
 * @param {any} told the line as the service tells of it, where it may be changed
 * @param {boolean} done whether it was looked at
 */
function entry(line, language, jump, told, done) {
  const said = told?.source ?? line.source;
  const flagged = line.review.length > 0 && !done;
  const review =
    flagged && el("span", { class: "tag warn", title: reasons(line) }, icon("flag"), "Review");
  const looked = done && el("span", { class: "tag" }, icon("check"), "Looked at");
  const otherwise = told?.edited || told?.edit.keep_original;
  const changed = otherwise && el("span", { class: "tag" }, CHANGED[changeOf(told)]);
  const until = line.lost && el("span", { class: "until" }, `to ${clock(line.to_s, true)}`);
  return el(
    "button",
    {
      type: "button",
      class: ["jump", flagged && "review", line.lost && "lost", told?.edit.removed && "removed"]
        .filter(Boolean)
        .join(" "),
      onclick: (event) => {
        releaseFocus(event);
        jump(line);
      },
    },
    el("span", { class: "at" }, clock(line.from_s, true), until),
    el(
      "span",
      { class: "text" },
      el("span", { lang: line.lost ? "en" : language, dir: "auto" }, told?.text ?? line.target),
      said && el("span", { class: "source", dir: "auto" }, said),
    ),
    changed || review || looked,
  );
}

const CHANGED = {
  removed: "Not said",
  kept: "The original",
  stale: "To be translated",
  edited: "Changed",
};

/** How a line is otherwise than in the dub. @param {any} told */
const changeOf = ({ edit, state }) => {
  if (edit.removed) return "removed";
  if (edit.keep_original) return "kept";
  return state === "stale" ? "stale" : "edited";
};

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
