/** Names and terms of one dub, kept by this browser for the next. */

const KEY = "ytdubber.terms";

export const keptTerms = () => localStorage.getItem(KEY) ?? "";

/** @param {string} text */
export function keepTerms(text) {
  if (text.trim()) localStorage.setItem(KEY, text);
  else localStorage.removeItem(KEY);
}
