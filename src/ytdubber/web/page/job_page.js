/** One dub: its languages under way, then what came out, to listen to and to take away. */

import { again, ended, left } from "./again.js";
import { ask } from "./api_client.js";
import { confirmed } from "./confirm.js";
import { el, note, say } from "./dom.js";
import { forgetMarks } from "./done_marks.js";
import { follow } from "./events.js";
import { fileList } from "./files.js";
import { clock, date, dollars, when } from "./format.js";
import { state } from "./job_list.js";
import { languageRow } from "./language_row.js";
import { forgetOriginal } from "./originals.js";
import { peopleList } from "./people.js";
import { comparison } from "./player.js";
import { shared } from "./reasons.js";
import { sharing } from "./share.js";
import { titleEditor } from "./title_editor.js";

const LANGUAGES = new Intl.DisplayNames("en-GB", { type: "language" });

/** What the service says of a dub that is being cancelled. */
const CANCELLING = "Cancelling.";
const GONE = "The files of this dub are not kept any more. Make it again from your recording.";

/**
 * @param {HTMLElement} main where it is shown
 * @param {string} id
 * @param {AbortSignal} signal aborted when something else is to be shown
 * @param {(like: import("./again.js").Again) => void} onagain begins a dub like this one
 */
export async function jobPage(main, id, signal, onagain) {
  const path = `/api/jobs/${id}`;
  const job = async () => (await ask("GET", path, { signal })).json();
  main.replaceChildren(el("p", { class: "lead", role: "status" }, "Opening…"));
  try {
    const first = await job();
    const away = () => main.replaceChildren(gone());
    /** @param {any} now */
    const watch = async (now) => {
      frame.update(now);
      if (now.finished_at === null) await follow(id, { job: frame.update, gone: away }, signal);
    };
    const frame = jobFrame(id, job, signal, onagain, watch);
    main.replaceChildren(frame.node);
    await watch(first);
  } catch (error) {
    if (signal.aborted || error.status === 401) return;
    main.replaceChildren(error.status === 404 ? gone() : unreadable(error.message));
  }
}

/**
 * @param {string} id
 * @param {() => Promise<any>} renew
 * @param {AbortSignal} signal
 * @param {(like: import("./again.js").Again) => void} onagain
 * @param {(job: any) => void} onbegun told when a version of a dub is being made
 */
function jobFrame(id, renew, signal, onagain, onbegun) {
  const title = titleEditor(id, (job) => update(job));
  const pill = el("span", { class: "pill" });
  const facts = el("p", { class: "facts" });
  const message = el("p", { class: "note", role: "status", hidden: true });
  const why = el("p", { class: "note bad", hidden: true });
  const notes = el("ul", { class: "hint", "aria-label": "Notes", hidden: true });
  const people = peopleList();
  const lost = el("p", { class: "note warn", hidden: true });
  const error = el("p", { class: "note bad", role: "alert", hidden: true });
  let stopping = false;
  const stop = el("button", { type: "button", onclick: () => cancel() }, "Cancel");
  /** @type {any} */
  let shown = null;
  const retry = el(
    "button",
    { type: "button", onclick: () => onagain(again(shown, left(shown))) },
    "Try again",
  );
  const extend = el(
    "button",
    { type: "button", onclick: () => onagain(again(shown, [])) },
    "Add languages",
  );
  const remove = el(
    "button",
    { type: "button", class: "danger", onclick: () => removed() },
    "Delete",
  );
  const rows = el("ul", { class: "languages-list", "aria-label": "Languages" });
  const calm = el("p", { class: "hint" }, "You may close this page: the dub goes on without it.");
  const files = fileList(renew);
  const share = sharing(id);
  const compared = comparison(id, renew, signal, onbegun);
  const node = el(
    "article",
    { class: "job" },
    el(
      "header",
      {},
      el("div", { class: "heading" }, ...title.nodes, pill),
      el("div", { class: "row acts" }, retry, extend, stop, remove),
      facts,
    ),
    message,
    why,
    notes,
    people.node,
    lost,
    error,
    rows,
    calm,
    compared.node,
    files.node,
    share.node,
  );
  /** @type {Map<string, ReturnType<typeof languageRow>>} */
  const known = new Map();

  /** @param {any} job */
  const update = (job) => {
    const { word, kind } = state(job);
    document.title = `${job.title} – YT Dubber`;
    title.show(job.title);
    say(pill, word);
    pill.className = `pill ${kind}`;
    say(facts, described(job));
    const alone = job.languages.length === 1 && job.languages[0].stage === "failed";
    const reasons = shared(job);
    note(message, told(job) && !alone && !reasons.has(job.message) ? job.message : "");
    message.className = `note ${job.stage === "failed" ? "bad" : "warn"}`;
    note(why, [...reasons.values()].join(" "));
    if (notes.childElementCount !== job.notes.length) {
      notes.replaceChildren(...job.notes.map((each) => el("li", { dir: "auto" }, each)));
    }
    notes.hidden = !job.notes.length;
    people.update(job);
    note(lost, job.stage === "complete" && job.finished_at && !job.files.length ? GONE : "");
    rows.hidden =
      job.finished_at !== null && job.languages.every((each) => each.stage === "queued");
    shown = job;
    retry.hidden = left(job).length === 0;
    extend.hidden = !ended(job) || job.completedLanguages === 0;
    stop.hidden = ended(job);
    stopping ||= job.message === CANCELLING;
    stop.disabled = stopping;
    say(stop, stopping ? "Cancelling…" : "Cancel");
    calm.hidden = stop.hidden;
    for (const language of job.languages) {
      const code = language.languageCode;
      if (!known.has(code)) {
        const row = languageRow(language.languageName, code);
        known.set(code, row);
        rows.append(row.node);
      }
      known.get(code)?.update(language, job, reasons.has(language.message));
    }
    compared.update(job);
    files.update(job);
    share.update(job);
  };

  /** @param {string} method @param {string} [more] */
  const act = async (method, more = "") => {
    note(error, "");
    try {
      const answer = await ask(method, `/api/jobs/${id}${more}`, { signal });
      if (answer.status !== 204) update(await answer.json());
      return true;
    } catch (failure) {
      if (failure.status === 404) return true;
      if (!signal.aborted) note(error, failure.message);
      return false;
    }
  };

  /** Say at once that it is being cancelled: what is being spoken is ended within seconds. */
  const cancel = async () => {
    stopping = true;
    update(shown);
    stopping = await act("POST", "/cancel");
    update(shown);
  };

  const removed = async () => {
    const sure = await confirmed({
      title: "Delete this dub?",
      text: "Its files, its recording and its transcript are removed at once, for good.",
      yes: "Delete",
    });
    if (!sure || !(await act("DELETE"))) return;
    forgetOriginal(id);
    forgetMarks(id);
    location.hash = "#/";
  };

  const ticking = setInterval(() => known.forEach((row) => row.tick()), 1000);
  signal.addEventListener("abort", () => clearInterval(ticking));
  return { node, update };
}

/** Whether the message says more than the rows do. @param {any} job */
function told(job) {
  return (
    job.stage === "failed" ||
    job.message === CANCELLING ||
    job.message.startsWith("Fetching ")
  );
}

/** @param {any} job */
function described(job) {
  const length_s = job.voice_track_duration;
  return [
    length_s ? clock(length_s) : "",
    job.source_language ? `from ${LANGUAGES.of(job.source_language)}` : "",
    under(job),
    `started ${when(job.created_at)}`,
    job.expires_at && job.files.length ? `kept until ${date(job.expires_at)}` : "",
    job.cost_usd ? `cost ${dollars(job.cost_usd)}` : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** What is under the voice. @param {any} job */
function under(job) {
  if (job.background_track_uploaded) return "with background";
  return job.separated ? "music separated from the voice" : "voice only";
}

const gone = () =>
  el(
    "section",
    {},
    el("h1", {}, "This dub is not here"),
    el("p", {}, "It was deleted, or the address is not complete."),
    el("p", {}, el("a", { href: "#/" }, "Make a new dub")),
  );

/** @param {string} message */
const unreadable = (message) =>
  el(
    "section",
    {},
    el("h1", {}, "This dub cannot be shown"),
    el("p", { class: "note bad", role: "alert" }, message),
    el("p", {}, el("a", { href: "#/" }, "Back to your dubs")),
  );
