/** The operator's page: who may see it, and looking at the service every few seconds. */

import { away, needs } from "./admin_alarms.js";
import { deadLetters } from "./admin_letters.js";
import { ended, machine, money, queues, vendors, waiting, workers } from "./admin_parts.js";
import { learnNames } from "./admin_status.js";
import { ApiError, ask, pause } from "./api_client.js";
import { el, note } from "./dom.js";
import { forget, keep, token } from "./session.js";
import { tokenForm } from "./token_form.js";

const EVERY_S = 3;

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const leave = /** @type {HTMLElement} */ (document.getElementById("leave"));
let watched = new AbortController();
let refusal = "";

/** @typedef {import("./admin_status.js").Status} Status */

/** Show what may be shown, from now on. */
function show() {
  watched.abort();
  watched = new AbortController();
  leave.hidden = !token();
  document.title = "Operator · YT Dubber";
  if (token()) watch(watched.signal);
  else main.replaceChildren(signedOut());
}

/** Look until the page is left. @param {AbortSignal} signal */
async function watch(signal) {
  let soon = new AbortController();
  const letters = deadLetters(() => soon.abort());
  const parts = [away(), needs(), queues(), workers(), waiting(), letters];
  parts.push(vendors(), money(), ended(), machine());
  const at = el("p", { class: "hint" });
  const hello = el("div", { class: "hello" }, el("h1", {}, "The service now"), at);
  main.replaceChildren(hello, ...parts.map((part) => part.node));
  try {
    for (;;) {
      const answer = await ask("GET", "/api/admin/status", { signal });
      /** @type {Status} */
      const status = await answer.json();
      signal.throwIfAborted();
      at.textContent = `${status.at.slice(0, 19).replace("T", " ")} UTC, version ${status.version}`;
      learnNames(status);
      const count = status.conditions.length;
      document.title = `${count ? `(${count}) ` : ""}Operator · YT Dubber`;
      for (const part of parts) part.show(status);
      soon = new AbortController();
      await pause(EVERY_S, AbortSignal.any([signal, soon.signal])).catch(() => {});
      await seen(signal);
      signal.throwIfAborted();
    }
  } catch (error) {
    if (!signal.aborted) refused(error);
  }
}

/** Wait while nobody looks. @param {AbortSignal} signal */
function seen(signal) {
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener("visibilitychange", look);
      signal.removeEventListener("abort", look);
      resolve(undefined);
    };
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look);
    look();
  });
}

/** Somebody may not see it, or it cannot be told. @param {unknown} error */
function refused(error) {
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 401) return; // which is shown already
  forget();
  refusal = error.status === 403 ? "This token is not an administrator's." : error.message;
  show();
}

function signedOut() {
  const said = el("p", { class: "note bad", role: "alert" });
  note(said, refusal);
  return el(
    "section",
    { class: "signed-out" },
    el("h1", {}, "For whoever runs the service"),
    said,
    el(
      "p",
      {},
      "Paste an administrator's token. On the machine of the service this prints one:",
    ),
    el("p", {}, el("code", {}, "ytdubber token --admin")),
    tokenForm((given) => {
      keep(given);
      refusal = "";
      show();
    }),
    el("p", { class: "hint" }, "This tab keeps it until it is closed."),
  );
}

leave.addEventListener("click", () => {
  forget();
  refusal = "";
  show();
});
addEventListener("signed-out", () => {
  refusal = "This token is not valid, or not any more.";
  show();
});

show();
