/** Dead letters: what was given up, why, and doing it again. */

import { moment, short, vendorName } from "./admin_status.js";
import { card, none, table, unknown } from "./admin_table.js";
import { ask } from "./api_client.js";
import { confirmed } from "./confirm.js";
import { announce, el, note } from "./dom.js";
import { counted } from "./format.js";

/** @typedef {import("./admin_status.js").Status} Status */
/** @typedef {import("./admin_status.js").Letter} Letter */
/** @typedef {{replayed: string[], refused: {id: string, error: string, message: string}[],
 *   following: string | null}} Replayed */

/** Hours back, and how they are called. @type {[number, string][]} */
const SPANS = [
  [1, "of the last hour"],
  [12, "of the last 12 hours"],
  [48, "of the last 2 days"],
  [0, "all there are"],
];

/** @param {() => void} changed told when something else is so now */
export function deadLetters(changed) {
  let at = ""; // the service's time: the browser's may be another
  const which = el(
    "select",
    { "aria-label": "Which dead letters" },
    SPANS.map(([hours, words]) => el("option", { value: hours }, words)),
  );
  const button = el("button", { type: "button", onclick: () => many() }, "Replay them");
  const tools = el("div", { class: "row tools", hidden: true }, which, button);
  const said = el("p", { class: "note again", role: "status", hidden: true });
  const shown = card("Dead letters", tools);
  shown.node.classList.add("wide");
  shown.node.append(said);

  /** @param {object} wanted */
  async function replay(wanted) {
    button.disabled = true;
    try {
      note(said, told(await replayed(wanted)));
    } catch (error) {
      note(said, error.message);
    }
    announce(said.textContent ?? "");
    button.disabled = false;
    changed();
  }

  async function many() {
    const hours = Number(which.value);
    const words = SPANS.find(([each]) => each === hours)?.[1] ?? "";
    const yes = await confirmed({
      title: "Replay dead letters?",
      text: `Those ${words} begin anew. What engines made before is not made twice.`,
      yes: "Replay",
      no: "Leave them",
    });
    if (!yes) return;
    const since = new Date(Date.parse(at) - hours * 3_600_000).toISOString();
    await replay(hours ? { since } : { all: true });
  }

  return {
    node: shown.node,
    /** @param {Status} status */
    show: (status) => {
      at = status.at;
      const letters = status.service?.dead_letters;
      shown.heading.textContent = letters ? `Dead letters: ${letters.count}` : "Dead letters";
      tools.hidden = !letters?.count;
      if (!letters) return shown.fill(unknown());
      if (!letters.count) return shown.fill(none("Nothing was given up."));
      const more = letters.count - letters.newest.length;
      const rows = letters.newest.map((letter) => row(letter, replay));
      const headings = ["What", "Job", "User", "Given up at", "Tries#", "Why", "Again"];
      return shown.fill(
        table("Dead letters", headings, rows),
        more > 0 && none(`And ${more} older ones.`),
        none("ytdubber dlq show prints the whole error, and ytdubber dlq discard forgets one."),
      );
    },
  };
}

/**
 * @param {Letter} letter
 * @param {(wanted: object) => Promise<void>} replay
 */
function row(letter, replay) {
  const what = letter.language ?? "hearing";
  const call = letter.vendor && `${vendorName(letter.vendor)}: ${letter.fault}`;
  return [
    what,
    el("code", {}, letter.job_id),
    el("code", { title: letter.user_id }, short(letter.user_id)),
    moment(letter.failed_at),
    `${letter.attempts}`,
    [letter.code, letter.error, call].filter(Boolean).join(", "),
    el(
      "button",
      {
        type: "button",
        "data-key": letter.id,
        "aria-label": `Replay ${what} of job ${short(letter.job_id)}`,
        onclick: () => replay({ ids: [letter.id] }),
      },
      "Replay",
    ),
  ];
}

/** Ask for it, as often as more are left. @param {object} wanted @returns {Promise<Replayed>} */
async function replayed(wanted) {
  /** @type {Replayed} */
  const all = { replayed: [], refused: [], following: null };
  for (let body = wanted; ; body = { since: all.following }) {
    const answer = await ask("POST", "/api/admin/dead-letters/replay", { body });
    /** @type {Replayed} */
    const done = await answer.json();
    all.replayed.push(...done.replayed);
    all.refused.push(...done.refused);
    all.following = done.following;
    if (done.following === null) return all;
  }
}

/** @param {Replayed} done */
function told({ replayed: again, refused }) {
  const waits = again.length === 1 ? "waits" : "wait";
  const good = again.length ? `${again.length} ${waits} for a worker again.` : "";
  const reasons = [...new Set(refused.map((each) => each.message))].join(" ");
  const bad = refused.length ? `${counted(refused.length, "letter")} left: ${reasons}` : "";
  return [good, bad].filter(Boolean).join(" ") || "There was nothing to replay.";
}
