/** Controls with a name, a hint and a place for what is wrong with them. */

import { el, note } from "./dom.js";

/**
 * @param {string} value
 * @param {string[][]} options values with their names
 */
export function select(value, options) {
  const made = el(
    "select",
    {},
    options.map(([key, text]) => el("option", { value: key }, text)),
  );
  made.value = value;
  return made;
}

/**
 * @param {string} name
 * @param {HTMLElement} control
 * @param {string} hint
 * @param {...(Node | false)} more what belongs under it
 */
export function field(name, control, hint, ...more) {
  const id = `option-${name.toLowerCase().replaceAll(" ", "-")}`;
  control.id = id;
  control.setAttribute("aria-describedby", `${hint ? `${id}-hint ` : ""}${id}-error`);
  return el(
    "div",
    { class: "field" },
    el("label", { class: "name", for: id }, name),
    control,
    hint && el("span", { class: "hint", id: `${id}-hint` }, hint),
    ...more,
    wrong(id),
  );
}

/**
 * Several controls that are one choice.
 *
 * @param {string} name
 * @param {HTMLElement[]} controls
 * @param {string} hint
 */
export function group(name, controls, hint = "") {
  const id = `option-${name.toLowerCase().replaceAll(" ", "-")}`;
  return el(
    "fieldset",
    { class: "field", "aria-describedby": `${hint ? `${id}-hint ` : ""}${id}-error` },
    el("legend", {}, name),
    el("div", { class: "row" }, controls),
    hint && el("span", { class: "hint", id: `${id}-hint` }, hint),
    wrong(id),
  );
}

/**
 * @param {HTMLInputElement} box
 * @param {string} text
 */
export function line(box, text) {
  return el("label", { class: "check" }, box, text);
}

/** @param {string} value @param {boolean} [checked] */
export const box = (value, checked = false) => el("input", { type: "checkbox", value, checked });

/** @param {HTMLInputElement[]} boxes @returns {string[]} */
export const chosen = (boxes) => boxes.filter((each) => each.checked).map((each) => each.value);

/**
 * Say at a field what is wrong with it; an empty text is for nothing.
 *
 * @param {HTMLElement} node as `field` or `group` made it
 * @param {string} text which may begin with the service's name for the field
 */
export function refuse(node, text) {
  const error = node.querySelector(":scope > .note.bad");
  const said = text.replace(/^[a-z_]+: /, "");
  if (error instanceof HTMLElement) note(error, said && said[0].toUpperCase() + said.slice(1));
  node.classList.toggle("wrong", text !== "");
  for (const control of node.querySelectorAll(":scope > :is(input, select, textarea)")) {
    control.setAttribute("aria-invalid", String(text !== ""));
  }
}

/** @param {string} id */
const wrong = (id) =>
  el("p", { class: "note bad", role: "alert", id: `${id}-error`, hidden: true });
