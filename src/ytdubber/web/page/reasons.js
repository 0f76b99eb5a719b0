/** Why languages did not come out or wait: what several share is said once. */

/**
 * The sentences that two languages or more share, each with whom it is about.
 *
 * @param {any} job
 * @returns {Map<string, string>} the text to show, by the message it stands for
 */
export function shared(job) {
  /** @type {Map<string, string[]>} */
  const names = new Map();
  for (const { stage, message, languageName: name } of job.languages) {
    if (stage === "failed") names.set(message, [...(names.get(message) ?? []), name]);
  }
  const several = [...names].filter(([, those]) => those.length > 1);
  return new Map(several.map(([message, those]) => [message, text(message, those, job)]));
}

/** @param {string} message @param {string[]} names @param {any} job */
function text(message, names, job) {
  return names.length === job.languages.length ? message : `${listed(names)}: ${message}`;
}

const LIST = new Intl.ListFormat("en-GB", { type: "conjunction" });
/** @param {string[]} names */
const listed = (names) => LIST.format(names);
