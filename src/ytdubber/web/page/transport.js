/** Play, seek, and what is heard: by pointer and by keys. */

import { el, icon, releaseFocus, say } from "./dom.js";
import { clock, spoken } from "./format.js";

/** @typedef {import("./synced_player.js").SyncedPlayer} SyncedPlayer */

const SKIP_S = 5;

/** What can be heard, in the order of the keys 1, 2, 3, 4. */
export const SOURCES = [
  ["original", "Original"],
  ["dub", "Dub"],
  ["voice", "Voice only"],
  ["other", "Another version"],
];

/** What the keys do. */
export function keyHelp() {
  const help = [
    [["Space"], "plays"],
    [["←", "→"], "five seconds"],
    [["↑", "↓"], "lines"],
    [["1", "2", "3"], "what you hear"],
    [["N"], "the next line to look at"],
    [["D"], "it is looked at"],
  ].map(([keys, does]) =>
    el(
      "span",
      {},
      [...keys].map((key) => el("kbd", {}, key)),
      ` ${does}`,
    ),
  );
  return el("p", { class: "hint keys" }, help);
}

/**
 * @param {SyncedPlayer} deck
 * @param {(by: number) => void} step goes by so many lines
 */
export function transport(deck, step) {
  const play = el(
    "button",
    {
      type: "button",
      class: "play",
      "aria-label": "Play",
      "aria-keyshortcuts": "Space",
      onclick: (event) => {
        releaseFocus(event);
        deck.toggle();
      },
    },
    icon("play"),
    icon("pause"),
  );
  const now = el("span", { class: "now" }, clock(0, true));
  const length = el("span", { class: "length" }, clock(0, true));
  const slider = el("input", {
    type: "range",
    class: "seek",
    min: 0,
    max: 1,
    step: "any",
    value: 0,
    "aria-label": "Moment",
    oninput: () => deck.seek(Number(slider.value)),
  });
  const buttons = SOURCES.map(([name, word], at) =>
    el(
      "button",
      {
        type: "button",
        "data-source": name,
        "aria-pressed": "false",
        "aria-keyshortcuts": at + 1,
        onclick: (event) => {
          releaseFocus(event);
          deck.hear(name);
        },
      },
      word,
    ),
  );
  const switcher = el(
    "div",
    { class: "switch", role: "group", "aria-label": "What you hear" },
    buttons,
  );
  const bar = el("div", { class: "transport" }, play, now, slider, length);

  /** Show how the deck is. @param {number} length_s */
  const show = (length_s) => {
    const time_s = deck.time_s;
    play.classList.toggle("playing", deck.playing);
    play.setAttribute("aria-label", deck.playing ? "Pause" : "Play");
    say(now, clock(time_s, true));
    say(length, clock(length_s, true));
    slider.max = String(length_s);
    slider.value = String(time_s);
    slider.style.setProperty("--done", `${length_s ? (100 * time_s) / length_s : 0}%`);
    const text = `${spoken(time_s)} of ${spoken(length_s)}`;
    if (slider.getAttribute("aria-valuetext") !== text) slider.setAttribute("aria-valuetext", text);
    for (const button of buttons) {
      const name = button.dataset.source ?? "";
      button.setAttribute("aria-pressed", String(deck.heard === name));
      button.hidden = !deck.sources.has(name);
    }
  };

  /**
   * Keys work everywhere on the page but where they mean something else.
   *
   * @param {KeyboardEvent} event
   * @param {HTMLElement} home the part of the page that is about listening
   * @param {boolean} engaged whether that part was the last that was clicked
   */
  const key = (event, home, engaged) => {
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    const nowhere = target === document.body || target.id === "main";
    const inside = home.contains(target) || (nowhere && engaged);
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (!inside && !nowhere) return;
    if (target.matches("textarea, select, input:not([type=range])")) return;
    const act = action(event.key, target, inside);
    if (!act) return;
    event.preventDefault();
    act();
  };

  /** @param {string} pressed @param {HTMLElement} target @param {boolean} inside */
  const action = (pressed, target, inside) => {
    const place = ["1", "2", "3", "4"].indexOf(pressed);
    if (place >= 0) return () => deck.hear(SOURCES[place][0]);
    if (pressed === "ArrowLeft") return () => deck.seek(deck.time_s - SKIP_S);
    if (pressed === "ArrowRight") return () => deck.seek(deck.time_s + SKIP_S);
    if (inside && pressed === "ArrowUp") return () => step(-1);
    if (inside && pressed === "ArrowDown") return () => step(1);
    const isButton = ["BUTTON", "A", "LABEL"].includes(target.tagName);
    return pressed === " " && !isButton ? () => deck.toggle() : null;
  };

  /** Call what can be heard otherwise. @param {string} name @param {string} word */
  const call = (name, word) => {
    const button = buttons.find((each) => each.dataset.source === name);
    if (button && word) say(button, word);
  };

  return { bar, switcher, show, key, name: call };
}
