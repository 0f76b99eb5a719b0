/** Who speaks in a recording, and whose voices speak for them. */

import { el } from "./dom.js";
import { clock } from "./format.js";
import { voicesOf } from "./line_voice.js";

const LANGUAGES = new Intl.DisplayNames("en-GB", { type: "language" });

/** A list of them, hidden where one person speaks. */
export function peopleList() {
  const node = el("ul", { class: "hint", "aria-label": "People who speak", hidden: true });
  let shown = "";
  return {
    node,
    /** @param {any} job */
    update: ({ people = [] }) => {
      node.hidden = people.length === 0;
      const now = JSON.stringify(people);
      if (now === shown) return;
      shown = now;
      show(people, new Map());
      named(people).then(
        (names) => now === shown && show(people, names),
        () => {}, // the ids of voices stay
      );
    },
  };

  /** @param {any[]} people @param {Map<string, string>} names of voices, by their ids */
  function show(people, names) {
    node.replaceChildren(...people.map((each) => el("li", {}, told(each, names))));
  }
}

/** What the voices of these people are called. @param {any[]} people */
async function named(people) {
  const codes = new Set(people.flatMap(({ voices }) => Object.keys(voices)));
  const found = (await Promise.all([...codes].map(voicesOf))).flat();
  return new Map(found.map(({ id, name }) => [id, name]));
}

/** @param {any} person @param {Map<string, string>} names */
function told({ id, seconds, gender, voices }, names) {
  const voice = gender ? `, a ${gender} voice` : "";
  const spoken = Object.entries(voices).map(
    ([code, of]) => `${LANGUAGES.of(code)}: ${names.get(of) ?? of}`,
  );
  const by = spoken.length ? `. ${spoken.join(", ")}` : "";
  return `Speaker ${id}, ${clock(seconds)}${voice}${by}.`;
}
