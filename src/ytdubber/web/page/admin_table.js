/** A part of the operator's page: a heading, and a table that is drawn anew where it differs. */

import { el } from "./dom.js";

/** @typedef {import("./dom.js").Child} Child */

/**
 * @param {string} title
 * @param {...Child} more what stands beside the heading
 */
export function card(title, ...more) {
  const heading = el("h2", {}, title);
  const body = el("div", { class: "body" });
  const head = el("div", { class: "head" }, heading, ...more);
  const node = el("section", { class: "card" }, head, body);
  return {
    node,
    heading,
    /** Show this. @param {...Child} children */
    fill: (...children) => fill(body, ...children),
  };
}

/**
 * Change what is in a node, but only where it reads otherwise; who was at a button stays there.
 *
 * @param {HTMLElement} node
 * @param {...Child} children
 */
export function fill(node, ...children) {
  const made = el("div", {}, ...children);
  if (made.textContent === node.textContent && node.childElementCount) return;
  const at = document.activeElement;
  const key = at instanceof HTMLElement && node.contains(at) ? at.dataset.key : undefined;
  node.replaceChildren(...made.childNodes);
  if (key === undefined) return;
  const again = [...node.querySelectorAll("[data-key]")].find(
    (each) => each instanceof HTMLElement && each.dataset.key === key,
  );
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
}

/**
 * A table; on a narrow page each row becomes a list, whose entries say what they are.
 *
 * @param {string} label
 * @param {string[]} headings those that end in # stand over numbers
 * @param {Child[][]} rows
 */
export function table(label, headings, rows) {
  const names = headings.map((heading) => heading.replace("#", ""));
  const kinds = headings.map((heading) => (heading.endsWith("#") ? "number" : null));
  const head = names.map((name, at) =>
    el("th", { scope: "col", role: "columnheader", class: kinds[at] }, name),
  );
  const lines = rows.map((cells) =>
    el(
      "tr",
      { role: "row" },
      cells.map((cell, at) =>
        el("td", { role: "cell", class: kinds[at], "data-label": names[at] }, cell),
      ),
    ),
  );
  return el(
    "table",
    { role: "table", "aria-label": label },
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, head)),
    el("tbody", { role: "rowgroup" }, lines),
  );
}

/** What is said where there is nothing. @param {string} text */
export const none = (text) => el("p", { class: "hint" }, text);

/** Where nothing is known of it. */
export const unknown = () => none("Not known while the database does not answer.");
