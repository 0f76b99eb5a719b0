/** A place for one recording: dropped, chosen with the pointer, or with the keyboard. */

import { drawBars } from "./canvas.js";
import { el, icon, note, say } from "./dom.js";
import { bytes, clock } from "./format.js";
import { levelsOf } from "./levels.js";
import { ACCEPTED, lengthOf } from "./stems.js";

/**
 * @typedef {object} Zone
 * @property {HTMLElement} node
 * @property {File | null} file
 * @property {number} length_s NaN while it is not known
 * @property {(file: File | null) => Promise<void>} put takes a file, or empties the place
 * @property {(text: string) => void} complain
 * @property {(part: number | null) => void} progress of the upload, 0 to 1; null for none
 * @property {() => void} focus
 */

/**
 * @param {{name: string, hint: string, symbol: "voice" | "wave",
 *   onfiles: (files: File[]) => void, onchange: () => void}} given
 *   `onfiles` is told what was dropped or chosen here, one file or several.
 * @returns {Zone}
 */
export function dropZone({ name, hint, symbol, onfiles, onchange }) {
  const id = `zone-${name.toLowerCase()}`;
  const input = el("input", {
    type: "file",
    id,
    class: "unseen",
    accept: ACCEPTED,
    multiple: true,
    "aria-label": `${name} file`,
    "aria-describedby": `${id}-title ${id}-says ${id}-error`,
    onchange: () => taken(input.files),
  });
  const title = el("strong", { id: `${id}-title` }, name);
  const says = el("span", { id: `${id}-says`, class: "says" }, hint);
  const canvas = el("canvas", { class: "zone-wave", "aria-hidden": "true", hidden: true });
  const bar = el("progress", { max: 1, value: 0, hidden: true, "aria-label": `${name} upload` });
  const error = el("p", { id: `${id}-error`, class: "note bad", role: "alert", hidden: true });
  const remove = el(
    "button",
    {
      type: "button",
      class: "remove",
      "aria-label": `Remove the ${name.toLowerCase()} file`,
      hidden: true,
      onclick: () => zone.put(null).then(() => input.focus()),
    },
    icon("close"),
  );
  const label = el("label", { class: "zone-label", for: id }, icon(symbol), title, says, canvas);
  const box = el("div", { class: "zone" }, input, label, remove, bar);
  const node = el("div", { class: "zone-place" }, box, error);

  /** @param {FileList | null | undefined} files */
  const taken = (files) => {
    if (files?.length) onfiles([...files]);
    input.value = "";
  };
  let over = 0;
  /** @param {number} change */
  const hover = (change) => {
    over = Math.max(0, over + change);
    box.classList.toggle("over", over > 0);
  };
  box.addEventListener("dragenter", () => hover(1));
  box.addEventListener("dragleave", () => hover(-1));
  box.addEventListener("dragover", (event) => event.preventDefault());
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    hover(-over);
    taken(event.dataTransfer?.files);
  });

  /** @type {Zone} */
  const zone = {
    node,
    file: null,
    length_s: NaN,
    async put(file) {
      zone.file = file;
      zone.length_s = NaN;
      zone.complain("");
      box.classList.toggle("filled", file !== null);
      remove.hidden = file === null;
      canvas.hidden = true;
      say(title, file ? file.name : name);
      say(says, file ? `${name} · ${bytes(file.size)}` : hint);
      onchange();
      if (file === null) return;
      const length_s = await lengthOf(file);
      if (zone.file !== file) return;
      zone.length_s = length_s;
      if (length_s) say(says, `${name} · ${clock(length_s, true)} · ${bytes(file.size)}`);
      onchange();
      const levels = await levelsOf(file, length_s);
      if (zone.file !== file || !levels) return;
      canvas.hidden = false;
      drawBars(canvas, levels);
    },
    complain: (text) => {
      note(error, text);
      box.classList.toggle("wrong", text !== "");
    },
    progress: (part) => {
      bar.hidden = part === null;
      bar.value = part ?? 0;
    },
    focus: () => input.focus(),
  };
  return zone;
}
