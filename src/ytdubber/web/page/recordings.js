/** What there is to listen to in a language, fetched whole: seeking is then exact, and no link
 * expires under somebody who listens for an hour. */

import { ask, here } from "./api_client.js";
import { linesOf } from "./line_data.js";

/** @typedef {import("./line_data.js").Line} Line */
/** @typedef {import("./stems.js").Stems} Stems */

const LOSSY = ["m4a", "mp3", "opus"];
/** A lossless file over this size is left for a smaller one. */
const LARGE_BYTES = 60e6;

/**
 * @typedef {object} Recordings
 * @property {number} length_s
 * @property {Line[]} lines
 * @property {Blob} voice the dubbed voice alone
 * @property {Record<string, string[]>} sources addresses of what can be heard, by name
 * @property {() => void} release gives the addresses up
 */

/**
 * @param {any} job
 * @param {string} code of the language
 * @param {Stems | undefined} stems the original, where it is at hand
 * @param {AbortSignal} signal
 * @param {any[]} [other] files of another version, to be compared with
 * @returns {Promise<Recordings>}
 */
export async function recordings(job, code, stems, signal, other = []) {
  const files = job.files.filter((file) => file.language === code);
  const [voice, mix] = [playable(files, "voice"), playable(files, "mix")];
  if (!voice)
    throw new Error("This browser plays none of the formats of this dub. Take its files.");
  const texts = files.find((file) => file.kind === "translation");
  const earlier = other.find((file) => file.path === (mix ?? voice).path);
  const [spoken, mixed, said, compared] = await Promise.all([
    fetched(voice, signal).then((answer) => answer.blob()),
    mix && fetched(mix, signal).then((answer) => answer.blob()),
    texts && fetched(texts, signal).then((answer) => answer.json()),
    earlier && fetched(earlier, signal).then((answer) => answer.blob()),
  ]);
  const blobs = {
    ...(stems && { original: [stems.voice, stems.background].filter((file) => file !== null) }),
    dub: [mixed ?? spoken],
    ...(mixed && { voice: [spoken] }),
    ...(compared && { other: [compared] }),
  };
  const sources = Object.fromEntries(
    Object.entries(blobs).map(([name, parts]) => [name, parts.map(URL.createObjectURL)]),
  );
  const length_s = (mix ?? voice).duration_ms / 1000;
  return {
    length_s,
    lines: said ? linesOf(said, length_s) : [],
    voice: spoken,
    sources,
    release: () => Object.values(sources).flat().forEach(URL.revokeObjectURL),
  };
}

/**
 * The file of a kind that is best listened to here.
 *
 * @param {any[]} files
 * @param {string} kind
 */
function playable(files, kind) {
  const probe = document.createElement("audio");
  const place = (/** @type {any} */ file) => {
    if (LOSSY.includes(file.format)) return 1 + LOSSY.indexOf(file.format);
    return file.bytes <= LARGE_BYTES ? 0 : 1 + LOSSY.length;
  };
  return files
    .filter((file) => file.kind === kind && probe.canPlayType(file.mime))
    .sort((one, two) => place(one) - place(two) || one.bytes - two.bytes)[0];
}

/**
 * @param {{url: string}} file
 * @param {AbortSignal} signal
 */
const fetched = (file, signal) => ask("GET", here(file.url), { signal });
