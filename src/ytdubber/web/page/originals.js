/** The recordings a person gave, to be compared with their dubs for as long as the page lives. */

import { el } from "./dom.js";
import { ACCEPTED } from "./stems.js";

/** @typedef {import("./stems.js").Stems} Stems */

/** @type {Map<string, {stems: Stems, jobOptions?: Record<string, any>}>} */
const kept = new Map();

/**
 * @param {string} job
 * @param {Stems} stems
 * @param {Record<string, any>} [jobOptions] how it was asked for; what is known already stays
 */
export const keepOriginal = (job, stems, jobOptions = kept.get(job)?.jobOptions) =>
  kept.set(job, { stems, jobOptions });

/** @param {string} job */
export const originalOf = (job) => kept.get(job);

/** @param {string} job */
export const forgetOriginal = (job) => kept.delete(job);

/**
 * What stands in the original's place when it is not there.
 *
 * @param {(files: File[]) => void} onfiles told what was chosen to take it
 */
export function originalAgain(onfiles) {
  const input = el("input", {
    type: "file",
    class: "unseen",
    accept: ACCEPTED,
    multiple: true,
    onchange: () => onfiles([...(input.files ?? [])]),
  });
  return el(
    "p",
    { class: "missing hint", hidden: true },
    "The original is not kept here. To compare with it, ",
    el("label", { class: "link" }, "choose your files again", input),
    ".",
  );
}
