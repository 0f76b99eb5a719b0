/** What came out, to be taken away. */

import { ask, here } from "./api_client.js";
import { el, icon, note } from "./dom.js";
import { flagOf } from "./flags.js";
import { bytes, clock } from "./format.js";

const KINDS = {
  mix: "Full mix",
  voice: "Voice alone",
  video: "Video",
  "voice-stem": "Voice as in the mix",
  "background-stem": "Background as in the mix",
  captions: "Captions",
  "captions-sdh": "Captions for the deaf",
  "captions-bilingual": "Captions in two languages",
  translation: "Lines and timing",
  transcript: "Transcript",
  script: "Script",
  manifest: "Manifest",
};
const ORDER = Object.keys(KINDS);
/** Links last a quarter of an hour; they are taken anew some time before. */
const FRESH_MS = 10 * 60_000;

/**
 * @param {() => Promise<any>} renew gives the job anew, with fresh links
 */
export function fileList(renew) {
  const groups = el("div", { class: "file-groups" });
  const all = el("button", { type: "button", onclick: () => taken() }, "Download all (ZIP)");
  const error = el("p", { class: "note bad", role: "alert", hidden: true });
  const node = el(
    "section",
    { class: "files", "aria-labelledby": "files-title", hidden: true },
    el("div", { class: "heading" }, el("h2", { id: "files-title" }, "Files"), all),
    el(
      "p",
      { class: "quiet", id: "made-by-ai" },
      "The voices are made by AI, and every sound file says so in its fields.",
    ),
    error,
    groups,
  );
  let [shown, taken_ms, id] = ["", 0, ""];

  /** @param {any} job */
  const update = (job) => {
    [taken_ms, id] = [Date.now(), job.id];
    all.hidden = !job.files.some(({ kind }) => kind === "manifest");
    node.hidden = job.files.length === 0;
    const ids = job.files.map((file) => file.id).join();
    if (ids !== shown) groups.replaceChildren(...grouped(job).map(group));
    shown = ids;
    for (const file of job.files) {
      groups.querySelector(`a[data-file="${file.id}"]`)?.setAttribute("href", here(file.url));
    }
  };

  /** Take a link that works once, and follow it: the browser saves what comes. */
  const taken = async () => {
    note(error, "");
    try {
      const answer = await ask("GET", `/api/jobs/${id}/bundle`);
      location.assign(here((await answer.json()).url));
    } catch (failure) {
      note(error, failure.message);
    }
  };

  groups.addEventListener("click", async (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || Date.now() - taken_ms < FRESH_MS) return;
    event.preventDefault();
    try {
      update(await renew());
      link.click();
    } catch (failure) {
      note(error, failure.message);
    }
  });
  return { node, update };
}

/** @param {any} job */
function grouped(job) {
  const groups = job.languages.map((each) => ({
    name: each.languageName,
    flag: flagOf(each.flag),
    files: job.files.filter((file) => file.language === each.languageCode),
  }));
  const shared = job.files.filter((file) => file.language === null);
  return [...groups, { name: "For all languages", flag: "", files: shared }].filter(
    ({ files }) => files.length,
  );
}

/** @param {{name: string, flag: string, files: any[]}} given */
function group({ name, flag, files }) {
  const ordered = [...files].sort(
    (one, two) =>
      ORDER.indexOf(one.kind) - ORDER.indexOf(two.kind) || (one.path < two.path ? -1 : 1),
  );
  return el(
    "div",
    { class: "file-group" },
    el("h3", {}, flag && el("span", { class: "flag", "aria-hidden": "true" }, flag), name),
    el(
      "ul",
      {},
      ordered.map((file) => el("li", {}, entry(file, name))),
    ),
  );
}

/** @param {any} file @param {string} language */
function entry(file, language) {
  const kind = KINDS[file.kind] ?? file.kind;
  const format = file.format.toUpperCase();
  const length = file.duration_ms ? clock(file.duration_ms / 1000, true) : "";
  const size = [length, bytes(file.bytes)].filter(Boolean).join(" · ");
  return el(
    "a",
    {
      class: "file",
      href: here(file.url),
      download: true, // the service names it
      "data-file": file.id,
      title: `SHA-256 ${file.sha256}`,
      "aria-label": `Download ${language}: ${kind} ${format} ${size}`, // holds what is seen
    },
    icon("down"),
    el("span", { class: "kind" }, kind),
    " ",
    el("span", { class: "format" }, format),
    " ",
    el("span", { class: "size" }, size),
  );
}
