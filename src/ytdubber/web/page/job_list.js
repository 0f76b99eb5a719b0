/** The dubs that are there, newest first. */

import { ended } from "./again.js";
import { ask, here, pause } from "./api_client.js";
import { confirmed } from "./confirm.js";
import { el, icon, note, say } from "./dom.js";
import { flagOf } from "./flags.js";
import { clock, counted, when } from "./format.js";
import { forgetOriginal } from "./originals.js";
import { rest } from "./waits.js";

const FIRST = "/api/jobs?limit=10";
const AGAIN_S = 4;
/** So many dubs are found by looking. */
const FEW = 5;
const TYPED_MS = 200;

const WORDS = {
  complete: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

/**
 * What a job's state is called, and how it is coloured.
 *
 * @param {any} job
 */
export function state(job) {
  const some = job.stage === "complete" && job.completedLanguages < job.totalLanguages;
  if (some) return { word: "Partly done", kind: "warn" };
  if (rest(job).all) return { word: "Waiting", kind: "busy" };
  const kind = { complete: "good", failed: "bad", cancelled: "off" }[job.stage] ?? "busy";
  return { word: WORDS[job.stage] ?? `${Math.floor(job.progress)} %`, kind };
}

/**
 * @param {AbortSignal} signal
 * @param {(count: number) => void} [onchange] told how many there are, at least
 */
export function jobList(signal, onchange = () => {}) {
  const list = el("ul", { class: "jobs" });
  const search = el("input", {
    type: "search",
    maxlength: 255,
    placeholder: "Find a dub",
    "aria-label": "Find a dub by its title",
    hidden: true,
    oninput: () => {
      clearTimeout(asking);
      asking = setTimeout(() => found().catch(failed), TYPED_MS);
    },
  });
  const none = el("p", { class: "hint", role: "status", hidden: true });
  const more = el("button", { type: "button", class: "quiet", hidden: true }, "Show older dubs");
  const error = el("p", { class: "note bad", role: "alert", hidden: true });
  const clear = el("button", { type: "button", class: "quiet", hidden: true });
  const node = el(
    "section",
    { class: "your-dubs", "aria-labelledby": "your-dubs", hidden: true },
    el(
      "div",
      { class: "list-head" },
      el("h2", { id: "your-dubs", tabindex: -1 }, "Your dubs"),
      search,
      clear,
    ),
    none,
    list,
    error,
    more,
  );
  /** @type {Map<string, ReturnType<typeof entry>>} */
  const entries = new Map();
  let older = "";
  let asking = 0;

  /** @param {string} path */
  const load = async (path) => {
    const answer = await ask("GET", path, { signal });
    const jobs = await answer.json();
    for (const job of jobs) {
      const known = entries.get(job.id) ?? entry(job.id);
      known.update(job);
      entries.set(job.id, known);
    }
    return { jobs, next: next(answer.headers.get("Link")) };
  };

  /** @param {string} path */
  const append = async (path) => {
    const page = await load(path);
    older = page.next;
    more.hidden = !older;
    list.append(...page.jobs.map(({ id }) => entries.get(id)?.node));
    look();
    return page.jobs;
  };

  /** @param {Error} failure */
  const failed = (failure) => {
    if (signal.aborted) return;
    node.hidden = false;
    note(error, failure.message);
  };

  const empty = () => [...entries.values()].filter((each) => each.empty());

  const look = () => {
    node.hidden = entries.size === 0;
    onchange(entries.size);
    search.hidden = entries.size <= FEW && !search.value;
    clear.hidden = empty().length === 0;
    say(clear, `Clear ${empty().length} without a result`);
  };

  const cleared = async () => {
    const gone = empty();
    const sure = await confirmed({
      title: `Clear ${counted(gone.length, "dub")}?`,
      text:
        "They failed or were cancelled, and no language of theirs came out. Their recordings are " +
        "removed, for good.",
      yes: "Clear",
    });
    if (!sure) return;
    note(error, "");
    for (const each of gone) {
      await ask("DELETE", `/api/jobs/${each.id}`, { signal }).catch((failure) => {
        if (failure.status !== 404) throw failure;
      });
      forgetOriginal(each.id);
      entries.delete(each.id);
      each.node.remove();
      look();
    }
  };
  clear.addEventListener("click", () => cleared().catch(failed));

  /** Show those that have what is searched for in their title. */
  const found = async () => {
    const wanted = search.value.trim();
    const page = await load(wanted ? `${FIRST}&title=${encodeURIComponent(wanted)}` : FIRST);
    if (wanted !== search.value.trim()) return;
    older = page.next;
    more.hidden = !older;
    list.replaceChildren(...page.jobs.map(({ id }) => entries.get(id)?.node ?? ""));
    note(none, page.jobs.length ? "" : `No dub is called so: ${wanted}`);
    look();
  };

  const watch = async () => {
    let jobs = await append(FIRST);
    while (jobs.some((job) => job.finished_at === null)) {
      do await pause(AGAIN_S, signal);
      while (document.hidden);
      jobs = (await load(FIRST)).jobs;
      look();
    }
  };
  more.addEventListener("click", () => append(older).catch(failed));
  watch().catch(failed);
  return node;
}

/**
 * One dub in the list.
 *
 * @param {string} id
 */
function entry(id) {
  const title = el("span", { class: "title" });
  const into = el("span", { class: "into" });
  const waits = el("span", { class: "hint waits", hidden: true });
  const status = el("span", { class: "pill" });
  const facts = el("span", { class: "hint" });
  const link = el(
    "a",
    { href: `#/jobs/${id}` },
    el("span", { class: "names" }, title, into, waits),
    facts,
    status,
    icon("arrow"),
  );
  let empty = false;
  return {
    id,
    node: el("li", {}, link),
    /** Whether it has ended and nothing came out. */
    empty: () => empty,
    /** @param {any} job */
    update: (job) => {
      empty = ended(job) && job.completedLanguages === 0;
      const { word, kind } = state(job);
      const length = job.voice_track_duration ? `${clock(job.voice_track_duration)} · ` : "";
      say(title, job.title);
      say(
        into,
        job.languages.map((each) => `${flagOf(each.flag)} ${each.languageName}`.trim()).join(", "),
      );
      note(waits, rest(job).what);
      say(facts, length + when(job.created_at));
      say(status, word);
      status.className = `pill ${kind}`;
    },
  };
}

/**
 * Where older ones are, from a `Link` header.
 *
 * @param {string | null} header
 */
function next(header) {
  const [, link] = /<([^>]+)>;\s*rel="next"/.exec(header ?? "") ?? [];
  return link ? here(link) : "";
}
