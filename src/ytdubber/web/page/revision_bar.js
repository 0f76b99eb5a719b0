/** Over the lines: what was changed and is not in the dub yet, and the versions that there are. */

import { confirmed } from "./confirm.js";
import { el, note, say } from "./dom.js";
import { counted } from "./format.js";
import { speakingPrice } from "./price.js";

/** @typedef {import("./edits.js").Edits} Edits */

const FREE = "Only these lines are spoken anew.";

/**
 * @param {() => Edits | null} current
 * @param {(job: any) => void} begun told when a version is being made
 * @param {() => void} compare told when another version is to be heard beside the one shown
 */
export function revisionBar(current, begun, compare) {
  const status = el("span", { class: "status", role: "status" });
  const make = el(
    "button",
    { type: "button", class: "primary", onclick: () => acted((edits) => edits.render()) },
    "Make a new version",
  );
  const undo = el(
    "button",
    { type: "button", onclick: () => acted((edits) => edits.undo()) },
    "Undo",
  );
  const redo = el(
    "button",
    { type: "button", onclick: () => acted((edits) => edits.redo()) },
    "Redo",
  );
  const price = speakingPrice("A new version", () => {
    const edits = current();
    if (!edits?.known.editable || !edits.waiting || edits.known.rendering !== null) return null;
    return { path: `${edits.path}/render/quote`, version: edits.known.version };
  });
  const versions = el("select", { "aria-label": "Version", onchange: () => restored() });
  const beside = el("select", { "aria-label": "Compare with", onchange: () => compare() });
  const error = el("p", { class: "note bad", role: "alert", hidden: true });
  const node = el(
    "div",
    { class: "revisions", hidden: true },
    el("div", { class: "row" }, make, undo, redo, status, price.node, beside, versions),
    error,
  );
  let listed = "";
  let busy = false;

  /** @param {(edits: Edits) => Promise<any>} work gives the job where a version is being made */
  const acted = async (work) => {
    const edits = current();
    if (!edits || busy) return;
    busy = true;
    note(error, "");
    update();
    try {
      const job = await work(edits);
      if (job) begun(job);
    } catch (failure) {
      note(error, failure.message);
    } finally {
      busy = false;
      update();
    }
  };

  const restored = async () => {
    const edits = current();
    const number = Number(versions.value);
    if (!edits || number === edits.known.revision) return;
    const lost =
      edits.waiting === 0 ||
      (await confirmed({
        title: `Show version ${number}?`,
        text: `${counted(edits.waiting, "line")} changed since are not in any version, and would
          be as they were in that one.`,
        yes: "Show it",
        no: "Keep my changes",
      }));
    if (lost) await acted((each) => each.restore(number));
    versions.value = String(edits.known.revision);
  };

  /** The versions there are, where they are others than those that are listed. */
  const list = async () => {
    const edits = current();
    if (!edits || edits.known.rendering) return;
    const mark = `${edits.path} ${edits.known.revision}`;
    if (mark === listed) return;
    listed = mark;
    const made = (await edits.revisions()).filter((each) => each.made);
    versions.replaceChildren(
      ...made.map(({ revision, edited_lines: lines }) =>
        el(
          "option",
          { value: revision },
          lines ? `Version ${revision}, ${counted(lines, "line")} changed` : "As it was made",
        ),
      ),
    );
    versions.value = String(edits.known.revision);
    versions.hidden = beside.hidden = made.length < 2;
    const chosen = beside.value;
    beside.replaceChildren(
      el("option", { value: "" }, "Compare with…"),
      ...made
        .filter((each) => each.revision !== edits.known.revision)
        .map(({ revision }) => el("option", { value: revision }, `Version ${revision}`)),
    );
    beside.value = chosen;
    if (beside.selectedIndex < 0) beside.value = "";
  };

  const update = () => {
    const edits = current();
    if (!edits) beside.value = "";
    node.hidden = !edits?.known.editable;
    if (!edits || node.hidden) return;
    const making = edits.known.rendering !== null;
    const waiting = edits.waiting;
    make.hidden = !waiting && !making;
    make.disabled = busy || making;
    undo.hidden = !edits.done.length && !edits.undone.length;
    redo.hidden = undo.hidden;
    undo.disabled = busy || making || !edits.done.length;
    redo.disabled = busy || making || !edits.undone.length;
    versions.disabled = busy || making;
    price.update();
    if (making) say(status, `Making version ${edits.known.rendering}…`);
    else say(status, waiting ? `${counted(waiting, "line")} changed. ${FREE}` : "");
    list().catch((failure) => note(error, failure.message));
  };

  /** @param {KeyboardEvent} event */
  const key = (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    if (event.target instanceof HTMLElement && event.target.matches("textarea, input")) return;
    event.preventDefault();
    acted((edits) => (event.shiftKey ? edits.redo() : edits.undo()));
  };

  /** The version that was being made was given up; say why. */
  const complain = async () => {
    const last = (await current()?.revisions())?.at(-1);
    note(error, last?.error ? `No new version was made. ${last.error}` : "");
  };

  /**
   * The version that is to be heard beside the one shown, with fresh links; null where none is.
   *
   * @param {Edits} edits
   */
  const compared = async (edits) => {
    const number = Number(beside.value);
    if (!number) return null;
    const made = await edits.revisions();
    return made.find((each) => each.revision === number && !each.shown) ?? null;
  };

  return { node, update, key, complain, compared };
}
