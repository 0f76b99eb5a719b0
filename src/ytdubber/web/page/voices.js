/** Who speaks: a preference for all languages, and a voice for each. */

import { el, say } from "./dom.js";

/** @typedef {import("./language_picker.js").Language} Language */
/** @typedef {import("./language_picker.js").Voice} Voice */

const GENDERS = [
  ["female", "Female"],
  ["male", "Male"],
];

/** @param {() => string} tier of the voices that can be had now */
export function voiceChoice(tier) {
  const gender = el(
    "select",
    { id: "option-voice", "aria-describedby": "option-voice-hint" },
    [["", "As it comes"], ...GENDERS].map(([key, text]) => el("option", { value: key }, text)),
  );
  const each = el("div", { class: "fields-within" });
  const node = el(
    "fieldset",
    { class: "field voices" },
    el("legend", {}, "Voices"),
    el(
      "div",
      { class: "field" },
      el("label", { class: "name", for: "option-voice" }, "All languages"),
      gender,
      el(
        "span",
        { class: "hint", id: "option-voice-hint" },
        "Where a language has one; else its usual voice.",
      ),
    ),
    each,
  );
  /** @type {Map<string, ReturnType<typeof castOne>>} */
  const known = new Map();
  /** Voices preferred before their language was shown. @type {Record<string, string>} */
  let preferred = {};
  let shown = "";

  /** Show these languages. @param {Language[]} languages */
  const cast = (languages) => {
    const now = `${tier()} ${languages.map(({ code }) => code).join()}`;
    if (now === shown) return;
    shown = now;
    for (const language of languages) {
      const { code } = language;
      const one =
        known.get(code) ??
        castOne({ ...language, id: code }, preferred[code] ?? "", "As for all languages");
      known.set(code, one);
      one.offer(tier());
    }
    each.replaceChildren(...languages.map(({ code }) => known.get(code)?.node ?? ""));
  };

  return {
    node,
    cast,
    /** The preferences for these languages, by code. @param {Language[]} languages */
    read: (languages) => {
      const able = languages.map(({ code, voices }) => [
        code,
        known.get(code)?.chosen() || (has(voices, gender.value, tier()) ? gender.value : ""),
      ]);
      return Object.fromEntries(able.filter(([, preference]) => preference));
    },
    /** @param {Record<string, string>} voices as `read` gave them */
    write: (voices) => {
      preferred = voices;
      gender.value = "";
      known.clear();
      shown = "";
    },
  };
}

/** @param {Voice[]} voices @param {string} gender @param {string} tier */
const has = (voices, gender, tier) =>
  voices.some((voice) => voice.gender === gender && voice.tiers.includes(tier));

/**
 * The voices of one language.
 *
 * @param {Language & {id: string}} language `id` is whose voice it is, as the service names it
 * @param {string} preference a voice or a gender that was asked for before
 * @param {string} usual what is chosen where nothing is
 */
export function castOne({ id, code, name, voices }, preference, usual) {
  const select = el("select", { id: `voice-${id}`, "data-language": code });
  const count = el("span", { class: "hint" });
  const label = el("label", { class: "name", for: `voice-${id}` }, name);
  const node = el("div", { class: "field" }, label, select, count);
  return {
    node,
    chosen: () => select.value,
    /** @param {string} tier @param {string} [called] */
    offer: (tier, called = name) => {
      say(label, called);
      const able = voices.filter(({ tiers }) => tiers.includes(tier));
      const before = select.value || preference;
      const groups = [...GENDERS, ["", "Other"]].map(([gender, text]) =>
        groupFor(
          gender,
          text,
          able.filter((voice) => groupOf(voice) === gender),
        ),
      );
      select.replaceChildren(
        el("option", { value: "" }, usual),
        ...groups.filter((group) => group !== false),
      );
      select.value = before;
      if (select.selectedIndex < 0) select.value = "";
      say(count, able.length === 1 ? "One voice" : `${able.length} voices`);
    },
  };
}

/** @param {string} gender @param {string} text @param {Voice[]} voices */
function groupFor(gender, text, voices) {
  const any = gender && voices.length > 1 && `Any ${text.toLowerCase()} voice`;
  return (
    voices.length > 0 &&
    el(
      "optgroup",
      { label: text },
      any && el("option", { value: gender }, any),
      voices.map((voice) => el("option", { value: voice.id }, voice.name)),
    )
  );
}

/** @param {Voice} voice */
const groupOf = ({ gender }) => (GENDERS.some(([name]) => name === gender) ? gender : "");
