/** The languages to dub into: chips with flags, found by typing. */

import { el, icon, note, say } from "./dom.js";
import { flagOf } from "./flags.js";
import { counted } from "./format.js";

/**
 * @typedef {object} Voice
 * @property {string} id
 * @property {string} name
 * @property {string} gender
 * @property {string[]} tiers
 */
/**
 * @typedef {object} Language
 * @property {string} code
 * @property {string} name
 * @property {string} flag
 * @property {string[]} sources the languages it can be dubbed from
 * @property {Voice[]} voices
 */

const OFTEN = ["es", "pt", "fr", "de", "it", "hi", "ja", "ko", "zh", "ar", "ru", "en", "id", "tr"];
/** So many are shown without a search. */
const FEW = 16;

/**
 * @param {() => void} onchange
 */
export function languagePicker(onchange) {
  /** @type {Map<string, {language: Language, box: HTMLInputElement, chip: HTMLElement}>} */
  const chips = new Map();
  let all = false;
  let spoken = "";
  /** What is chosen before there is anything to choose from. @type {string[]} */
  let wanted = [];
  const search = el("input", {
    type: "search",
    id: "find-language",
    placeholder: "Find a language",
    autocomplete: "off",
    "aria-label": "Find a language",
    oninput: () => show(),
    onkeydown: (event) => pick(event),
  });
  const list = el("div", { class: "chips" });
  const more = el("button", { type: "button", class: "quiet", onclick: () => open() });
  const none = el("p", { class: "hint", role: "status", hidden: true });
  const unable = el("p", { class: "hint", hidden: true });
  const error = el("p", { class: "note bad", role: "alert", id: "languages-error", hidden: true });
  const node = el(
    "fieldset",
    { class: "languages", "aria-describedby": "languages-error" },
    el("legend", {}, "Dub into"),
    el("div", { class: "search" }, icon("search"), search),
    list,
    none,
    more,
    unable,
    error,
  );

  /** @param {Language[]} languages */
  const offer = (languages) => {
    const place = (language) =>
      (can(language) ? 0 : 100) + (OFTEN.indexOf(language.code) + 1 || OFTEN.length + 1);
    const ordered = [...languages].sort(
      (one, two) => place(one) - place(two) || one.name.localeCompare(two.name),
    );
    for (const language of ordered) {
      const box = el("input", {
        type: "checkbox",
        value: language.code,
        class: "unseen",
        onchange: () => changed(),
      });
      const shown = flagOf(language.flag);
      const flag = shown && el("span", { class: "flag", "aria-hidden": "true" }, shown);
      const chip = el("label", { class: "chip" }, box, flag, language.name);
      chips.set(language.code, { language, box, chip });
    }
    list.replaceChildren(...[...chips.values()].map(({ chip }) => chip));
    choose(wanted);
  };

  /** Choose these and no others; whoever cannot be chosen is named. @param {string[]} codes */
  const choose = (codes) => {
    wanted = codes;
    if (!chips.size) return;
    search.value = "";
    for (const [code, { box }] of chips) box.checked = codes.includes(code);
    show();
    onchange();
    const missing = codes.filter((code) => !chips.get(code)?.box.checked);
    const names = missing.map((code) => chips.get(code)?.language.name ?? code).join(", ");
    note(error, names && `Nothing here dubs into ${names} now.`);
  };

  /** Whether it can be dubbed into: what is spoken already is passed over, which is no failure. */
  /** @param {Language} language */
  const can = ({ code, sources }) =>
    sources.length > 0 && (!spoken || code === spoken || sources.includes(spoken));

  const show = () => {
    const wanted = plain(search.value);
    const few = chips.size <= FEW;
    let [found, beyond] = [0, 0];
    for (const { language, box, chip } of chips.values()) {
      const fits = plain(language.name).includes(wanted) || language.code === wanted;
      const often = few || all || OFTEN.includes(language.code);
      box.disabled = !can(language);
      if (box.disabled) box.checked = false;
      chip.hidden = wanted ? !fits : !often && !box.checked;
      if (!chip.hidden) found += 1;
      if (!chip.hidden && box.disabled) beyond += 1;
    }
    search.parentElement?.toggleAttribute("hidden", few);
    more.hidden = all || few || wanted !== "";
    say(more, `Show all ${chips.size}`);
    note(
      unable,
      beyond
        ? "Greyed languages have voices here, but nothing translates into them" +
            `${spoken ? " from the spoken language" : ""}: neither what is here nor what can be ` +
            "fetched now."
        : "",
    );
    note(none, wanted && !found ? `No voice here speaks “${search.value.trim()}”.` : "");
  };

  const open = () => {
    all = true;
    show();
    search.focus();
  };

  /** @param {KeyboardEvent} event */
  const pick = (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = [...chips.values()].find(({ chip, box }) => !chip.hidden && !box.disabled);
    if (!search.value || !first) return;
    first.box.checked = true;
    search.value = "";
    changed();
    show();
  };

  const changed = () => {
    note(error, "");
    onchange();
  };

  return {
    node,
    offer,
    choose,
    /** @returns {Language[]} */
    chosen: () => [...chips.values()].filter(({ box }) => box.checked).map((each) => each.language),
    /** @returns {Language[]} */
    offered: () => [...chips.values()].map((each) => each.language),
    /** @param {string} text */
    complain: (text) => note(error, text),
    /** @param {string} code the language spoken; empty while nobody knows */
    from: (code) => {
      spoken = code;
      show();
      onchange();
    },
    focus: () => (list.querySelector("input:enabled") ?? search).focus(),
  };
}

/**
 * What the button says of the languages that are chosen.
 *
 * @param {Language[]} languages
 */
export function summary(languages) {
  if (languages.length === 0) return "Dub";
  if (languages.length <= 2) return `Dub into ${languages.map((each) => each.name).join(" and ")}`;
  return `Dub into ${counted(languages.length, "language")}`;
}

/** @param {string} text */
const plain = (text) => text.trim().toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
