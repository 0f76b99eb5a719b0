/** A dub begun once more: what is left of it to do, and what this page still has of it. */

import { originalOf } from "./originals.js";

/** @typedef {import("./stems.js").Stems} Stems */
/**
 * @typedef {object} Again
 * @property {string} title
 * @property {string[]} languages codes of what is chosen to begin with
 * @property {Stems | undefined} stems the recording, where it is at hand
 * @property {Record<string, any> | undefined} jobOptions how it was made, where that is known
 * @property {number} seconds how long its recording is
 * @property {string} note what the person should know
 */

/** Whether nothing more happens to a dub. @param {any} job */
export const ended = (job) =>
  job.finished_at !== null || job.stage === "failed" || job.stage === "cancelled";

/** The languages that did not come out. @param {any} job @returns {string[]} */
export function left(job) {
  if (!ended(job)) return [];
  return job.languages
    .filter(({ stage }) => stage !== "complete")
    .map(({ languageCode: code }) => code);
}

/**
 * A dub of the same recording.
 *
 * @param {any} job
 * @param {string[]} languages codes; none for languages that are to be added
 * @returns {Again}
 */
export function again(job, languages) {
  const kept = originalOf(job.id);
  const recording = kept
    ? "Its recording is in place."
    : "Choose its recording, which this page does not have any more.";
  const more = languages.length ? "" : " Choose the languages to add.";
  const options = kept?.jobOptions
    ? ""
    : " Look at the options, too: they are not kept with a dub.";
  return {
    title: job.title,
    languages,
    stems: kept?.stems,
    jobOptions: kept?.jobOptions,
    seconds: job.voice_track_duration ?? NaN,
    note: `“${job.title}” again. ${recording}${more}${options}`,
  };
}
