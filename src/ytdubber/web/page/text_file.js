/** A text that a person wrote: chosen as a file and read here, so that it can be looked through. */

import { el, note, say } from "./dom.js";
import { bytes } from "./format.js";

const ACCEPTED = ".srt,.vtt,.ttml,.xml,.dfxp,.txt,.json,text/plain,application/json";
/** All texts of a dub go in one request, which may be so large. */
const MOST_BYTES = 1_000_000;
const TOO_LARGE = "This file is larger than 1 MB, the most that can be sent with a dub.";
const NOT_TEXT = "This file is not text in UTF-8. Save it as UTF-8 and choose it again.";
const UNREADABLE = "This file cannot be read. Look whether it is still there.";

/**
 * @param {string} name
 * @param {string} id of its control
 * @param {string} hint
 */
export function textFile(name, id, hint = "") {
  const input = el("input", {
    type: "file",
    id,
    accept: ACCEPTED,
    "aria-describedby": `${id}-says ${id}-error`,
    onchange: () => taken(),
  });
  const says = el("span", { class: "hint", id: `${id}-says` }, hint);
  const error = el("p", { class: "note bad", role: "alert", id: `${id}-error`, hidden: true });
  const remove = el(
    "button",
    { type: "button", class: "quiet", hidden: true, onclick: () => put("", "") },
    "Take it out",
  );
  const node = el(
    "div",
    { class: "field" },
    el("label", { class: "name", for: id }, name),
    input,
    says,
    remove,
    error,
  );
  let text = "";

  /** @param {string} now @param {string} from what it is called */
  const put = (now, from) => {
    text = now;
    say(says, now ? `${from}, ${bytes(new Blob([now]).size)}` : hint);
    remove.hidden = !now;
    if (!now) input.value = "";
    complain("");
  };

  /** @param {string} why */
  const complain = (why) => {
    note(error, why);
    input.setAttribute("aria-invalid", String(why !== ""));
  };

  const taken = async () => {
    const file = input.files?.[0];
    if (!file) return;
    put("", "");
    try {
      if (file.size > MOST_BYTES) throw new Error(TOO_LARGE);
      put(await textOf(file), file.name);
    } catch (failure) {
      complain(failure.message);
    }
    node.dispatchEvent(new Event("change", { bubbles: true }));
  };

  return { node, input, put, complain, text: () => text };
}

/** @param {File} file */
async function textOf(file) {
  const read = await file.arrayBuffer().catch(() => {
    throw new Error(UNREADABLE);
  });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(read);
  } catch {
    throw new Error(NOT_TEXT);
  }
}
