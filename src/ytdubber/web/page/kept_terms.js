/** Names and terms of one dub, and how they are spoken, kept by this browser for the next. */

const KEY = "ytdubber.terms";
const NAMES = new Intl.DisplayNames("en-GB", { type: "language", fallback: "none" });
/** A term of one language: `pt:LUFS`. What stands before a colon and is none is of the term. */
const SCOPED = /^(\*|[a-z]{2,3}(?:-[A-Za-z]{2,4})?):(\S.*)$/;

/** @type {((text: string) => void)[]} */
const told = [];

export const keptTerms = () => localStorage.getItem(KEY) ?? "";

/** Be told of terms that were kept elsewhere on the page. @param {(text: string) => void} how */
export const onTerms = (how) => told.push(how);

/** @param {string} name @returns {[string, string]} the language, `*` for all, and the term */
export function parted(name) {
  const [, language, term] = SCOPED.exec(name) ?? [];
  return term && (language === "*" || NAMES.of(language)) ? [language, term] : ["*", name];
}

/**
 * What is written on lines: terms, and what voices say for those that are followed by ` = `. One
 * of a single language is in words of that, and not listened for in the recording.
 *
 * @param {string} text
 */
export function termsOf(text) {
  const lines = linesIn(text);
  const glossary = lines.map(([name]) => parted(name)).filter(([language]) => language === "*");
  const spoken = lines.filter(([, said]) => said);
  return {
    glossary: glossary.map(([, term]) => term),
    spoken_as: Object.fromEntries(spoken),
  };
}

/** @param {string} text @returns {string[][]} each name, with what is said for it */
const linesIn = (text) =>
  text
    .split("\n")
    .map((line) => line.split(" = ").map((part) => part.trim()))
    .filter(([name]) => name);

/** The same, to be written on. @param {Record<string, any>} jobOptions */
export function linesOf({ glossary = [], spoken_as: said = {} }) {
  const others = Object.keys(said).filter((name) => !glossary.includes(name));
  return [...glossary, ...others]
    .map((name) => (name in said ? `${name} = ${said[name]}` : name))
    .join("\n");
}

/** @param {string} text */
export function keepTerms(text) {
  if (text.trim()) localStorage.setItem(KEY, text);
  else localStorage.removeItem(KEY);
}

/** What is kept of how terms are spoken, by name. @returns {Record<string, string>} */
export const spokenTerms = () => termsOf(keptTerms()).spoken_as;

/**
 * Keep how a term is spoken; an empty text is for what is written. The term itself stays.
 *
 * @param {string} name
 * @param {string} said
 */
export function keepSpoken(name, said) {
  const lines = linesIn(keptTerms());
  const same = parted(name).join(":");
  const at = lines.findIndex(([known]) => parted(known).join(":") === same);
  if (at >= 0) lines.splice(at, 1);
  const line = said ? [name, said] : parted(name)[0] === "*" ? [name] : null;
  if (line) lines.splice(at < 0 ? lines.length : at, 0, line);
  const text = lines.map((line) => line.join(" = ")).join("\n");
  keepTerms(text);
  for (const how of told) how(text);
}
