/** Whose voice speaks a line, or all lines of a person; those that were chosen last come first. */

import { ask } from "./api_client.js";
import { el } from "./dom.js";

/** @typedef {import("./edits.js").Edits} Edits */

const RECENT = "ytdubber.recent_voices";
const MOST_RECENT = 5;

/** @type {Promise<any[]> | null} */
let languages = null;

/** The voices of a language that speak in jobs of every tier. @param {string} code */
export async function voicesOf(code) {
  languages ??= ask("GET", "/api/languages").then((answer) => answer.json());
  const found = (await languages).find((each) => each.code === code);
  return found?.voices ?? [];
}

/** @returns {string[]} the ids of those chosen last, the newest first */
function recent() {
  try {
    return JSON.parse(localStorage.getItem(RECENT) ?? "[]");
  } catch {
    return [];
  }
}

/** @param {string} id */
function remember(id) {
  const ids = [id, ...recent().filter((each) => each !== id)].slice(0, MOST_RECENT);
  localStorage.setItem(RECENT, JSON.stringify(ids));
}

/**
 * @param {Edits} edits
 * @param {string} id of the line
 * @param {string} name that the ids of its controls begin with
 */
export function lineVoice(edits, id, name) {
  const { edit, speaker } = edits.of(id);
  const theirs = edits.known.lines.filter((line) => speaker && line.speaker === speaker);
  const several = new Set(edits.known.lines.map((line) => line.speaker)).size > 1;
  const select = el("select", { id: `${name}-voice` }, el("option", { value: "" }, "As before"));
  const all = el("input", { type: "checkbox", id: `${name}-person` });
  voicesOf(edits.language).then((voices) => {
    const last = recent();
    const offered = last.map((each) => voices.find((voice) => voice.id === each)).filter(Boolean);
    const others = voices.filter((voice) => !last.includes(voice.id));
    if (offered.length) select.append(group("Chosen last", offered), group("Others", others));
    else select.append(...others.map(option));
    select.value = edit.voice ?? "";
  });

  /** The lines whose voice it is to be, by id. @param {string[]} lines */
  const spokenBy = (lines) =>
    Object.fromEntries(lines.map((line) => [line, { voice: select.value || null }]));

  return {
    control: select,
    person:
      several &&
      theirs.length > 1 &&
      el(
        "label",
        { class: "check", for: all.id },
        all,
        `This voice for all ${theirs.length} lines of speaker ${speaker}`,
      ),
    /** The voice, or null for the one it had. */
    chosen: () => select.value || null,
    /** What is to be otherwise in other lines of its person. */
    others: () =>
      all.checked ? spokenBy(theirs.map((line) => line.id).filter((each) => each !== id)) : {},
    /** Note what was chosen, to offer it first. */
    kept: () => {
      if (select.value) remember(select.value);
    },
  };
}

/** @param {any} voice */
const option = (voice) => el("option", { value: voice.id }, voice.name);

/** @param {string} label @param {any[]} voices */
const group = (label, voices) => el("optgroup", { label }, voices.map(option));
