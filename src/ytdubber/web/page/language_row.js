/** One language of a job: where it is, how far, and how long it will still take. */

import { announce, el, icon, note, say } from "./dom.js";
import { flagOf } from "./flags.js";
import { counted, dollars, span } from "./format.js";
import { isOver, waits } from "./waits.js";

const STAGES = [
  ["queued", "Queued"],
  ["stt", "Listening"],
  ["translating", "Translating"],
  ["dubbing", "Speaking"],
  ["mixing", "Mixing"],
  ["exporting", "Exporting"],
  ["complete", "Done"],
];

/** @param {string} name @param {string} code */
export function languageRow(name, code) {
  const flag = el("span", { class: "flag", "aria-hidden": "true" });
  const percent = el("span", { class: "percent" });
  const left = el("span", { class: "hint" });
  const bar = el("progress", { max: 100, value: 0, "aria-label": `${name}, progress` });
  const steps = STAGES.map(([stage, word]) => step(stage, word));
  const stepper = el(
    "ol",
    { class: "steps", "aria-label": `${name}, stages` },
    steps.map((each) => each.node),
  );
  const error = el("p", { class: "note bad", hidden: true });
  const review = el("span", { class: "tag warn", hidden: true });
  const cost = el("span", { class: "hint" });
  const times = el("p", { class: "hint times", hidden: true });
  const node = el(
    "li",
    { class: "language", "data-language": code },
    el(
      "div",
      { class: "line" },
      flag,
      el("h2", {}, name),
      review,
      cost,
      el("span", { class: "far" }, left, percent),
    ),
    times,
    bar,
    stepper,
    error,
  );
  let stage = "";
  /** @type {any} */
  let shown = null;
  /** When it is expected to be done. */
  let due_ms = 0;
  /** @type {any} */
  let of = null;
  const hint = () =>
    isOver(shown) ? "" : waits(shown, of) || still((due_ms - Date.now()) / 1000);
  return {
    node,
    /** Let the time that is left pass. */
    tick: () => say(left, hint()),
    /**
     * @param {any} language
     * @param {any} job
     * @param {boolean} told whether why it failed stands above already
     */
    update: (language, job, told) => {
      if (!same(shown, language)) due_ms = Date.now() + 1000 * language.estimatedTimeRemaining;
      shown = language;
      of = job;
      const over = isOver(language);
      if (stage && stage !== language.stage) announce(`${name}: ${spokenStage(language)}`);
      stage = language.stage;
      node.dataset.stage = stage;
      say(flag, flagOf(language.flag));
      bar.value = language.progress;
      bar.hidden = over;
      say(percent, over ? outcome(language) : `${Math.floor(language.progress)} %`);
      say(left, hint());
      stepper.hidden = over;
      steps.forEach((each) => each.update(language));
      note(times, stage === "complete" ? timesOf(language) : "");
      note(error, stage === "failed" && !told ? language.message : "");
      note(
        review,
        language.needsReview ? `${counted(language.needsReview, "place")} to review` : "",
      );
      const usd = job.costs?.languages?.[code] ?? 0;
      say(cost, usd ? dollars(usd) : "");
    },
  };
}

/** @param {string} stage @param {string} word */
function step(stage, word) {
  const took = el("span", { class: "took" });
  const node = el(
    "li",
    { "data-step": stage },
    icon("check"),
    el("span", { class: "word" }, word),
    took,
  );
  return {
    node,
    /** @param {any} language */
    update: (language) => {
      const at = language.stages.findIndex((each) => each.stage === stage);
      const current = language.stage === stage && stage !== "complete" && !rests(language);
      const after = language.stages[at + 1];
      const passed = at >= 0 && !current;
      node.className = current ? "current" : passed ? "passed" : "";
      if (current) node.setAttribute("aria-current", "step");
      else node.removeAttribute("aria-current");
      say(took, passed && after ? lasted(language.stages[at], after) : "");
    },
  };
}

/** @param {{entered_at: string}} from @param {{entered_at: string}} to */
function lasted(from, to) {
  const seconds = (Date.parse(to.entered_at) - Date.parse(from.entered_at)) / 1000;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : span(seconds);
}

/** How long each stage took. @param {any} language */
function timesOf({ stages }) {
  return stages
    .slice(0, -1)
    .map((each, at) => [STAGES.find(([name]) => name === each.stage), lasted(each, stages[at + 1])])
    .filter(([stage, time]) => stage && !time.startsWith("0.0") && !time.startsWith("0.1"))
    .map(([stage, time]) => `${stage[1]} ${time}`)
    .join(" · ");
}

/** Whether it was begun and waits for its turn. @param {any} language */
const rests = ({ stage, inLine }) => inLine && stage !== "queued";

/** @param {number} seconds that are left, as expected */
const still = (seconds) => (seconds >= 1 ? `about ${span(seconds)} left` : "nearly there");

/** Whether a language is where it was, so that what was expected of it holds. */
/** @param {any} before @param {any} now */
const same = (before, now) =>
  before?.stage === now.stage &&
  before.inLine === now.inLine &&
  before.progress === now.progress &&
  before.estimatedTimeRemaining === now.estimatedTimeRemaining;

/** @param {any} language */
function outcome({ stage, stages }) {
  if (stage !== "complete") return stage === "failed" ? "Not dubbed" : "Cancelled";
  const [first, last] = [stages[0], stages[stages.length - 1]];
  return first && last ? `Done in ${lasted(first, last)}` : "Done";
}

/** @param {any} language */
function spokenStage({ stage, message }) {
  if (stage === "failed") return `not dubbed. ${message}`;
  const known = STAGES.find(([name]) => name === stage);
  return known ? known[1].toLowerCase() : stage;
}
