/** A question before something that cannot be undone. */

import { el } from "./dom.js";

/**
 * @param {{title: string, text: string, yes: string, no?: string}} given
 * @returns {Promise<boolean>} whether the answer was yes
 */
export function confirmed({ title, text, yes, no = "Keep it" }) {
  return new Promise((resolve) => {
    /** @param {boolean} answer */
    const close = (answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    const dialog = el(
      "dialog",
      { "aria-labelledby": "question", oncancel: () => close(false) },
      el("h2", { id: "question" }, title),
      el("p", {}, text),
      el(
        "div",
        { class: "row" },
        el("button", { type: "button", class: "danger", onclick: () => close(true) }, yes),
        el("button", { type: "button", autofocus: true, onclick: () => close(false) }, no),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
