/** The languages of a dub, one of which is listened to. */

import { el, releaseFocus } from "./dom.js";

/** So many languages stand beside what is heard; more get a row of their own. */
const FEW = 4;

/** @param {(code: string) => void} open */
export function languageTabs(open) {
  const node = el("div", { class: "tabs", role: "group", "aria-label": "Language" });

  /** @param {string} code @param {string} name */
  const tab = (code, name) =>
    el(
      "button",
      {
        type: "button",
        "data-language": code,
        "aria-pressed": "false",
        onclick: (event) => {
          releaseFocus(event);
          open(code);
        },
      },
      name,
    );

  return {
    node,
    /** @param {any[]} languages those that there is something to hear in */
    offer: (languages) => {
      node.hidden = languages.length < 2;
      node.classList.toggle("many", languages.length > FEW);
      languages.forEach(({ languageCode: code, languageName: name }, at) => {
        const there = node.children[at];
        if (there?.getAttribute("data-language") !== code) {
          node.insertBefore(tab(code, name), there);
        }
      });
    },
    /** @param {string} code */
    press: (code) => {
      for (const each of node.children) {
        const chosen = each.getAttribute("data-language") === code;
        each.setAttribute("aria-pressed", String(chosen));
      }
    },
  };
}
