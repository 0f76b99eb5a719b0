/** One line, spoken as it is to be, before it is kept and before a version is made. */

import { ask } from "./api_client.js";
import { el, icon, note, say } from "./dom.js";
import { seconds } from "./format.js";

/** @typedef {import("./edits.js").Edits} Edits */

/**
 * @param {Edits} edits
 * @param {string} id of the line
 * @param {() => Record<string, any>} change how it is to be
 * @param {HTMLElement} error where it is told why nothing is heard
 * @param {() => void} hush have the dub be silent
 * @param {(ms: number) => void} takes told how long it takes at its voice's pace
 */
export function linePreview(edits, id, change, error, hush, takes) {
  const { number, room_ms: room } = edits.of(id);
  const sound = new Audio();
  const text = el("span", {}, "Hear it");
  const button = el(
    "button",
    {
      type: "button",
      class: "hear",
      "aria-keyshortcuts": "Shift+Enter",
      onclick: () => hear(),
    },
    icon("play"),
    text,
  );
  const told = el("p", { class: "hint", role: "status", hidden: true });
  let asked = new AbortController();

  /** @param {Record<string, any>} [more] how else it is to be, to be tried out */
  const hear = async (more = {}) => {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    sound.pause();
    hush();
    note(error, "");
    note(told, "");
    say(text, "Speaking…");
    button.setAttribute("aria-busy", "true");
    try {
      const path = `${edits.path}/lines/${number}/preview`;
      const body = { change: { ...change(), ...more } };
      const answer = await ask("POST", path, { body, signal });
      const made = await answer.json();
      if (signal.aborted) return;
      sound.src = made.url;
      takes(made.natural_ms);
      note(told, lasts(made, room));
      told.classList.toggle("warn", made.review.length > 0);
      await sound.play();
    } catch (failure) {
      if (!signal.aborted) note(error, failure.message);
    } finally {
      if (!signal.aborted) {
        say(text, "Hear it");
        button.removeAttribute("aria-busy");
      }
    }
  };

  const close = () => {
    asked.abort();
    sound.pause();
    sound.removeAttribute("src");
  };

  return { button, told, hear, close };
}

/** How long it takes, in the room it has. @param {any} made @param {number} room in ms */
function lasts({ spoken_ms: takes, rate }, room) {
  const fast = rate > 1.005 ? `, ${rate.toFixed(2)} times as fast as its voice speaks` : "";
  return `It takes ${seconds(takes)} of ${seconds(room)}${fast}.`;
}
