/** Whose voice speaks for whom, where it is said how many people there are. */

import { el, note } from "./dom.js";
import { castOne } from "./voices.js";

/** @typedef {import("./language_picker.js").Language} Language */

/** So many have a place here; the voices of others are chosen in the lines of the dub. */
const MOST = 9;
const MANY = `The first ${MOST} to speak; the voices of others are chosen in the lines of the dub.`;
const USUAL = "By how they sound";
const WHO = "Speaker A is who speaks first, B the next one.";

/** @param {() => string} tier of the voices that can be had now */
export function peopleVoices(tier) {
  const each = el("div", { class: "fields-within" });
  const hint = el("span", { class: "hint", id: "people-hint" });
  const node = el(
    "fieldset",
    { class: "field voices", hidden: true, "aria-describedby": "people-hint" },
    el("legend", {}, "Voices of people"),
    hint,
    each,
  );
  /** @type {Map<string, ReturnType<typeof castOne>>} */
  const known = new Map();
  /** @type {Record<string, string>} */
  let preferred = {};
  /** Whose are shown, as the service names them. @type {string[]} */
  let shown = [];
  let state = "";

  /** @param {Language[]} languages @param {number} people how many speak; 0 while nobody knows */
  const cast = (languages, people) => {
    const several = people > 1 && languages.length > 0;
    const now = `${tier()} ${several ? people : 0} ${languages.map(({ code }) => code).join()}`;
    if (now === state) return;
    state = now;
    node.hidden = !several;
    const letters = several ? [...Array(Math.min(people, MOST)).keys()].map(letter) : [];
    note(hint, people > MOST ? `${WHO} ${MANY}` : WHO);
    shown = languages.flatMap(({ code }) => letters.map((person) => `${code}:${person}`));
    for (const language of languages) {
      for (const person of letters) {
        const id = `${language.code}:${person}`;
        const name = `Speaker ${person}${languages.length > 1 ? `, ${language.name}` : ""}`;
        const one =
          known.get(id) ?? castOne({ ...language, id, name }, preferred[id] ?? "", USUAL);
        known.set(id, one);
        one.offer(tier(), name);
      }
    }
    each.replaceChildren(...shown.map((id) => known.get(id)?.node ?? ""));
  };

  return {
    node,
    cast,
    /** What is preferred, by language and person. @returns {Record<string, string>} */
    read: () => {
      const jobOptions = shown.map((id) => [id, known.get(id)?.chosen() ?? ""]);
      return Object.fromEntries(jobOptions.filter(([, preference]) => preference));
    },
    /** @param {Record<string, string>} voices as `read` gave them */
    write: (voices) => {
      preferred = voices;
      known.clear();
      state = "";
    },
  };
}

/** @param {number} place */
const letter = (place) => String.fromCharCode("A".charCodeAt(0) + place);
