/**
 * A job whose files are on their way, so that a page that is loaded again can go on with it.
 *
 * It is kept for as long as the tab is: with it is the right to send these files of this job, and
 * nothing else, which ends within the hour.
 */

/** @typedef {import("./stems.js").Stems} Stems */
/**
 * @typedef {object} Pending
 * @property {string} files what was chosen, by name, size and time
 * @property {Record<string, any>} jobOptions how the dub was asked for
 * @property {any} announced what the API answered
 * @property {Record<string, string>} begun where uploads go on, by track
 */

const KEY = "ytdubber.pending_upload";

/** @param {Pending} pending */
export const keepPending = (pending) => sessionStorage.setItem(KEY, JSON.stringify(pending));

export const forgetPending = () => sessionStorage.removeItem(KEY);

/** @returns {Pending | null} */
export function pending() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return kept?.jobOptions ? kept : null; // a page of before called it otherwise
  } catch {
    return null;
  }
}

/**
 * The job that is on its way with these files, asked for in this way; a new record otherwise.
 *
 * @param {Stems} stems
 * @param {Record<string, any>} jobOptions
 * @returns {Pending}
 */
export function pendingOf({ voice, background }, jobOptions) {
  const files = JSON.stringify([voice, background].map((file) => file && marks(file)));
  const known = pending();
  if (known?.files === files && JSON.stringify(known.jobOptions) === JSON.stringify(jobOptions)) {
    return known;
  }
  return { files, jobOptions, announced: null, begun: {} };
}

/**
 * What the form begins with where a job was on its way.
 *
 * @returns {import("./again.js").Again | null}
 */
export function interrupted() {
  const known = pending();
  if (!known) return null;
  const { languages, title, ...jobOptions } = known.jobOptions;
  const names = JSON.parse(known.files).map((file) => file && `“${file[0]}”`);
  return {
    title: title ?? "",
    languages,
    stems: undefined,
    jobOptions,
    note:
      `The upload of ${names.filter(Boolean).join(" and ")} was interrupted. Choose the same ` +
      "again, and it goes on where it stopped.",
  };
}

/** @param {File} file */
const marks = (file) => [file.name, file.size, file.lastModified];
