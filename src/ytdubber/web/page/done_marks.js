/** Which lines a person has looked at: kept by this browser, for as long as files of a dub are. */

/** @typedef {import("./line_data.js").Line} Line */

const PREFIX = "ytdubber.looked_at.";
const KEPT_MS = 30 * 24 * 3600 * 1000;

/**
 * A line and what it says: one that says something else is to be looked at again.
 *
 * @param {Line} line
 */
export const markOf = ({ id, from_s, target }) => `${id || from_s} ${digest(target)}`;

/** @param {string} text */
function digest(text) {
  let value = 0;
  for (const letter of text) value = (value * 31 + (letter.codePointAt(0) ?? 0)) | 0;
  return (value >>> 0).toString(36);
}

/**
 * @param {string} job
 * @param {string} language
 */
export function doneMarks(job, language) {
  const key = `${PREFIX}${job}.${language}`;
  forgetOld();
  const marks = new Set(read(key)?.marks ?? []);
  return {
    /** @param {string} mark */
    has: (mark) => marks.has(mark),
    /** @param {string} mark @param {boolean} is */
    set: (mark, is) => {
      if (is) marks.add(mark);
      else marks.delete(mark);
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), marks: [...marks] }));
    },
  };
}

/** @param {string} key @returns {{at: number, marks: string[]} | null} */
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function forgetOld() {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  for (const key of keys) {
    if (Date.now() - (read(key)?.at ?? 0) > KEPT_MS) localStorage.removeItem(key);
  }
}

/** Forget all of a job. @param {string} job */
export function forgetMarks(job) {
  const keys = Object.keys(localStorage);
  for (const key of keys) if (key.startsWith(`${PREFIX}${job}.`)) localStorage.removeItem(key);
}
