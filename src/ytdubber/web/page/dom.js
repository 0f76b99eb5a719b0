/** Elements, made without ever reading a text as markup. */

const SVG = "http://www.w3.org/2000/svg";

const SHAPES = {
  arrow: "M15 5l-7 7 7 7",
  check: "M5 12.5l4.5 4.5L19 7.5",
  close: "M6 6l12 12M18 6L6 18",
  down: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  flag: "M6 21V4h11l-2 4 2 4H6",
  pen: "M4 20l1-4L16.5 4.5l3 3L8 19zM14 7l3 3",
  pause: "M8.5 5v14M15.5 5v14",
  play: "M8 5.2v13.6L19 12z",
  search: "M10.5 17a6.5 6.5 0 100-13 6.5 6.5 0 000 13zM15.5 15.5L20 20",
  swap: "M4 9h14l-4-4M20 15H6l4 4",
  voice: "M12 15a3 3 0 003-3V6a3 3 0 00-6 0v6a3 3 0 003 3zM5 11.5a7 7 0 0014 0M12 18.5V21",
  wave: "M4 10v4M8 6v12M12 9v6M16 4v16M20 10v4",
};

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element with attributes, listeners (`onclick` and its like) and children; texts stay texts.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [given]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(name, String(value));
    }
  }
  for (const child of children.flat()) if (child) made.append(child);
  return made;
}

/**
 * A small drawing beside a text; whoever cannot see it misses nothing.
 *
 * @param {keyof typeof SHAPES} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

/**
 * Change a text only where it differs, so that nothing is drawn or read out again.
 *
 * @param {HTMLElement} node
 * @param {string} text
 */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Show a note with a text, or hide it when there is none.
 *
 * @param {HTMLElement} node
 * @param {string} text
 */
export function note(node, text) {
  say(node, text);
  node.hidden = !text;
}

/**
 * Tell what happened to those who listen to the page.
 *
 * @param {string} text
 */
export function announce(text) {
  const news = document.getElementById("news");
  if (news) say(news, text);
}

/**
 * After a click with a pointer, give the keys back to the page: the space bar then plays.
 *
 * @param {MouseEvent} event
 */
export function releaseFocus(event) {
  if (event.detail > 0 && event.currentTarget instanceof HTMLElement) event.currentTarget.blur();
}
