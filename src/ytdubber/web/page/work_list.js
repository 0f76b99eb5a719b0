/** The lines that a person should look at: how many are left, and the way from one to the next. */

import { announce, el, icon, releaseFocus, say } from "./dom.js";
import { counted } from "./format.js";
import { doneMarks, markOf } from "./done_marks.js";

/** @typedef {import("./edits.js").Edits} Edits */
/** @typedef {import("./line_data.js").Line} Line */

/** So near its edges a line counts as heard from its start to its end. */
const NEAR_S = 0.25;

/**
 * @param {string} job
 * @param {(line: Line) => void} jump
 * @param {(line: Line) => void} changed told when a line was done, or is to be looked at again
 */
export function workList(job, jump, changed) {
  const count = el("span", { class: "count", role: "status" });
  const back = step("Previous", "Shift+N", () => go(-1));
  const next = step("Next", "N", () => go(1));
  const node = el(
    "div",
    { class: "work row", role: "group", "aria-label": "Lines to look at", hidden: true },
    icon("flag"),
    count,
    back,
    next,
  );
  /** @type {Line[]} */
  let flagged = [];
  /** @type {Edits | null} */
  let edits = null;
  let marks = doneMarks(job, "");
  /** Where one is among those that are flagged. */
  let at_s = 0;
  /** The line that is being heard from its start. @type {Line | null} */
  let hearing = null;

  /** @param {Line[]} lines @param {string} language @param {Edits | null} changes */
  const show = (lines, language, changes) => {
    marks = doneMarks(job, language);
    flagged = lines.filter((line) => line.review.length);
    edits = changes;
    hearing = null;
    update();
  };

  /** Whether a line was looked at: ticked off, heard to its end, or changed. @param {Line} line */
  const done = (line) => marks.has(markOf(line)) || Boolean(edits?.of(line.id)?.edited);

  /** @param {Line} line */
  const ticked = (line) => marks.has(markOf(line));

  const update = () => {
    const left = flagged.filter((line) => !done(line)).length;
    node.hidden = flagged.length === 0;
    node.classList.toggle("all", left === 0);
    const all = `All ${counted(flagged.length, "line")} looked at`;
    say(count, left ? `${counted(left, "line")} to look at` : all);
    back.disabled = next.disabled = left === 0;
  };

  /** @param {Line} line @param {boolean} is */
  const set = (line, is) => {
    if (ticked(line) === is) return;
    marks.set(markOf(line), is);
    update();
    changed(line);
  };

  /** Go to the next that is left, and from the last to the first. @param {number} by 1 or -1 */
  const go = (by) => {
    const left = flagged.filter((line) => !done(line));
    if (!left.length) return;
    const after = left.find((line) => line.from_s > at_s) ?? left[0];
    const before = left.findLast((line) => line.from_s < at_s) ?? left[left.length - 1];
    const line = by > 0 ? after : before;
    jump(line);
    at_s = line.from_s;
  };

  /**
   * Follow what is heard: a line that was heard from its start to its end is looked at.
   *
   * @param {Line | undefined} line that is at this moment
   * @param {number} time_s
   * @param {boolean} dub whether the dub is heard now
   */
  const follow = (line, time_s, dub) => {
    if (line) at_s = line.from_s;
    const ended = hearing && Math.abs(time_s - hearing.dub_to_s) < NEAR_S;
    if (hearing && dub && ended) set(hearing, true);
    const begun = line && line === hearing;
    if (!line?.review.length || !dub || ended) hearing = null;
    else if (!begun) hearing = Math.abs(time_s - line.dub_from_s) < NEAR_S ? line : null;
  };

  /**
   * N goes to the next, Shift and N to the one before, D ticks off the line one is at.
   *
   * @param {KeyboardEvent} event
   */
  const key = (event) => {
    const command = event.ctrlKey || event.metaKey || event.altKey;
    if (node.hidden || command || event.defaultPrevented || elsewhere(event)) return;
    const pressed = event.key.toLowerCase();
    const here = flagged.find((line) => line.from_s === at_s);
    if (pressed === "n") go(event.shiftKey ? -1 : 1);
    else if (pressed === "d" && here) {
      set(here, !ticked(here));
      announce(`${ticked(here) ? "Looked at" : "To look at"}. ${count.textContent}.`);
    } else return;
    event.preventDefault();
  };

  /** What ticks a line off, beside it. @param {Line} line */
  const tick = (line) => {
    const number = edits?.of(line.id)?.number;
    return el(
      "button",
      {
        type: "button",
        class: "tick",
        "aria-pressed": String(ticked(line)),
        "aria-label": number ? `Line ${number} was looked at` : "This place was looked at",
        onclick: (event) => {
          releaseFocus(event);
          set(line, !ticked(line));
          event.currentTarget.setAttribute("aria-pressed", String(ticked(line)));
        },
      },
      icon("check"),
    );
  };

  return { node, show, update, follow, key, done, ticked, tick };
}

/** @param {string} text @param {string} keys @param {() => void} act */
const step = (text, keys, act) =>
  el("button", { type: "button", "aria-keyshortcuts": keys, onclick: act }, text);

/** Whether a key is meant for what it is typed into. @param {KeyboardEvent} event */
const elsewhere = ({ target }) =>
  target instanceof HTMLElement && target.matches("textarea, input:not([type=range]), select");
