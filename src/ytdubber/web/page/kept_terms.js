/** Names and terms of one dub, kept by this browser for the next. */

const KEY = "ytdubber.terms";

export const keptTerms = () => localStorage.getItem(KEY) ?? "";

/**
 * What is written on lines: terms, and what voices say for those that are followed by ` = `.
 *
 * @param {string} text
 */
export function termsOf(text) {
  const lines = text
    .split("\n")
    .map((line) => line.split(" = ").map((part) => part.trim()))
    .filter(([term]) => term);
  const spoken = lines.filter(([, said]) => said).map(([term, said]) => [term, said]);
  return { glossary: lines.map(([term]) => term), spoken_as: Object.fromEntries(spoken) };
}

/** The same, to be written on. @param {Record<string, any>} wishes */
export const linesOf = ({ glossary = [], spoken_as: said = {} }) =>
  glossary.map((term) => (term in said ? `${term} = ${said[term]}` : term)).join("\n");

/** @param {string} text */
export function keepTerms(text) {
  if (text.trim()) localStorage.setItem(KEY, text);
  else localStorage.removeItem(KEY);
}
