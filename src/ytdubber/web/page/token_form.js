/** Where a token of the command line is pasted. */

import { el } from "./dom.js";

/** @param {(token: string) => void} given */
export function tokenForm(given) {
  const pasted = el("input", {
    type: "password",
    "aria-label": "Token",
    autocomplete: "off",
    required: true,
  });
  return el(
    "form",
    {
      class: "token",
      onsubmit: (event) => {
        event.preventDefault();
        given(pasted.value.trim());
      },
    },
    pasted,
    el("button", { type: "submit", class: "primary" }, "Sign in"),
  );
}
