/** Where the parts of the player are on the page. */

import { el } from "./dom.js";

/**
 * @param {Record<string, any>} parts
 * @param {Node[]} over what is over the waves
 * @param {Node[]} under what is between the player and the lines
 */
export function playerFrame(parts, over, under) {
  const { canvas, media, loading, error, missing, controls, tabs, view, lane } = parts;
  const stage = el(
    "div",
    { class: "stage" },
    el("span", { class: "lane original" }, "Original"),
    el("span", { class: "lane dub" }, "Dub"),
    canvas,
  );
  const player = el(
    "div",
    { class: "player" },
    over,
    el("div", { class: "player-head" }, controls.switcher, tabs.node),
    stage,
    lane.node,
    controls.bar,
    view.caption,
  );
  const node = el(
    "section",
    { class: "compare", "aria-labelledby": "compare-title", hidden: true },
    el("h2", { id: "compare-title" }, "Listen and compare"),
    loading,
    error,
    player,
    missing,
    under,
    view.list,
    media,
  );
  return { node, stage };
}
