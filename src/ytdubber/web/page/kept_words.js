/** What a person wants always said or written so: kept by this browser, and what it changes in the
 * lines of a dub. */

import { keepSpoken, parted, spokenTerms } from "./kept_terms.js";

/** @typedef {import("./edits.js").Changes} Changes */
/** @typedef {import("./edits.js").Edits} Edits */
/**
 * @typedef {object} Word
 * @property {string} language that it is of, or `*`
 * @property {string} term as it is written in the dub
 * @property {string} [said] what voices say for it
 * @property {string} [written] what is written instead of it
 * @property {string} [source] what the original says where that is so; wherever it stands, if empty
 */

const KEY = "ytdubber.wordings";
/** Their words stand without spaces between them. */
const UNSPACED = ["ja", "km", "lo", "my", "th", "zh"];
const SCRIPTS = ["Han", "Hira", "Kana", "Khmr", "Laoo", "Mymr", "Thai"];
const UNSPACED_LETTERS = new RegExp(SCRIPTS.map((of) => `\\p{sc=${of}}`).join("|"), "u");

/** @returns {Word[]} */
function wordings() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
}

/** What is kept for a language. @param {string} language @returns {Word[]} */
export function keptWords(language) {
  const said = Object.entries(spokenTerms()).map(([name, spoken]) => {
    const [of, term] = parted(name);
    return { language: of, term, said: spoken };
  });
  return [...said, ...wordings()].filter((word) => ["*", language].includes(word.language));
}

/** @param {Word} one @param {Word} other */
const alike = (one, other) =>
  ["language", "term", "source"].every((name) => (one[name] ?? "") === (other[name] ?? "")) &&
  Boolean(one.said) === Boolean(other.said);

/** @param {Word} word @param {boolean} there */
function put(word, there) {
  if (word.said) {
    const name = word.language === "*" ? word.term : `${word.language}:${word.term}`;
    keepSpoken(name, there ? word.said : "");
  } else {
    const others = wordings().filter((each) => !alike(each, word));
    localStorage.setItem(KEY, JSON.stringify(there ? [...others, word] : others));
  }
}

/**
 * Keep a word, or keep it no longer.
 *
 * @param {Word} word
 * @param {boolean} there
 * @returns {(side: "before" | "after") => void} what undoes it and does it again
 */
export function keepWord(word, there = true) {
  const before = keptWords(word.language).find((each) => alike(each, word));
  put(word, there);
  return (side) => {
    if (side === "after") put(word, there);
    else if (before) put(before, true);
    else put(word, false);
  };
}

/**
 * A term as a word of its own, as voices are given it.
 *
 * @param {string} term
 * @param {string} language where it is not known, its letters tell whether words stand apart
 * @param {string} [flags]
 */
function wordOf(term, language, flags = "") {
  const escaped = term.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  const unspaced = language ? UNSPACED.includes(language) : UNSPACED_LETTERS.test(term);
  const edge = unspaced ? "" : "[\\p{L}\\p{N}_]";
  const letter = /[\p{L}\p{N}]/u;
  const before = edge && letter.test(term[0]) ? `(?<!${edge})` : "";
  const after = edge && letter.test(term[term.length - 1]) ? `(?!${edge})` : "";
  return new RegExp(`${before}${escaped}${after}`, `u${flags}`);
}

/**
 * What voices say for the terms of a line.
 *
 * @param {Edits} edits
 * @param {any} told the line as the service tells of it
 * @param {string} text that it is to say
 * @returns {Record<string, string>}
 */
export function saidIn(edits, told, text) {
  const words = keptWords(edits.language).filter((word) => word.said);
  const wanted = { ...told.edit.spoken_as };
  for (const { term, said } of words) {
    if (edits.known.spoken_as[term] !== said) wanted[term] ??= said;
  }
  const there = Object.entries(wanted).filter(([term]) =>
    wordOf(term, edits.language).test(text),
  );
  return Object.fromEntries(there);
}

/**
 * How lines of a dub have to be so that a word is as it is kept.
 *
 * @param {Edits} edits
 * @param {Word} word
 * @returns {Changes}
 */
export function changesFor(edits, word) {
  const dubbed = edits.known.lines.filter(
    ({ edit }) => !edit.removed && !edit.keep_original,
  );
  const found = word.said ? spokenSo(edits, word) : writtenSo(edits, word);
  return Object.fromEntries(
    dubbed.map((line) => [line.id, found(line)]).filter(([, change]) => change),
  );
}

/** @param {Edits} edits @param {Word} word */
function spokenSo(edits, { term, said }) {
  const word = wordOf(term, edits.language);
  return (/** @type {any} */ { text, edit }) => {
    const now = edit.spoken_as[term] ?? edits.known.spoken_as[term];
    if (now === said || !word.test(text)) return null;
    return { spoken_as: { ...edit.spoken_as, [term]: said } };
  };
}

/** @param {Edits} edits @param {Word} word */
function writtenSo(edits, word) {
  return (/** @type {any} */ line) => {
    const text = isSaid(word, line.source) ? rewritten(word, line.text, edits.language) : line.text;
    return text === line.text ? null : { text, spoken_as: saidIn(edits, line, text) };
  };
}

/** @param {Word} word @param {string} source what the original says */
const isSaid = ({ source }, said) => !source || wordOf(source, "", "i").test(said);

/**
 * A text with what is to be written; it begins with a capital where the word did.
 *
 * @param {Word} word
 * @param {string} text
 * @param {string} language
 */
export function rewritten({ term, written = "" }, text, language) {
  return text.replace(wordOf(term, language, "gi"), (found) => {
    const begins = found[0] !== term[0] && found[0] === found[0].toLocaleUpperCase(language);
    return begins ? written[0].toLocaleUpperCase(language) + written.slice(1) : written;
  });
}

/**
 * The lines whose original says the word and that write neither what it was nor what it is to be.
 *
 * @param {Edits} edits
 * @param {Word} word
 * @returns {number[]} their numbers
 */
export function otherwise(edits, word) {
  if (!word.source || !word.written) return [];
  const words = [word.term, word.written].map((each) => wordOf(each, edits.language, "i"));
  return edits.known.lines
    .filter(({ source, text, edit }) => {
      const dubbed = !edit.removed && !edit.keep_original;
      return dubbed && isSaid(word, source) && !words.some((each) => each.test(text));
    })
    .map(({ number }) => number);
}

/** The lines of a dub that say a word so, without it. @param {Edits} edits @param {Word} word */
export function withoutWord(edits, { term, said }) {
  const so = edits.known.lines.filter(({ edit }) => said && edit.spoken_as[term] === said);
  return Object.fromEntries(
    so.map(({ id, edit }) => {
      const { [term]: _gone, ...others } = edit.spoken_as;
      return [id, { spoken_as: others }];
    }),
  );
}
