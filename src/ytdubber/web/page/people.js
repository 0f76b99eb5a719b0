/** Who speaks in a recording, and whose voices speak for them. */

import { el } from "./dom.js";
import { clock } from "./format.js";

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
      if (now !== shown) node.replaceChildren(...people.map((each) => el("li", {}, told(each))));
      shown = now;
    },
  };
}

/** @param {any} person */
function told({ id, seconds, gender, voices }) {
  const voice = gender ? `, a ${gender} voice` : "";
  const spoken = Object.entries(voices).map(([code, name]) => `${LANGUAGES.of(code)}: ${name}`);
  const by = spoken.length ? `. ${spoken.join(", ")}` : "";
  return `Speaker ${id}, ${clock(seconds)}${voice}${by}.`;
}
