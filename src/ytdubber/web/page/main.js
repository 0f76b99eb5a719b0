/** The page's start: who is signed in, and what is shown. */

import { ask } from "./api_client.js";
import { el, icon, note } from "./dom.js";
import { jobList } from "./job_list.js";
import { jobPage } from "./job_page.js";
import { newDub } from "./new_dub.js";
import { interrupted } from "./pending.js";
import { keep, takeCode, token } from "./session.js";
import { tokenForm } from "./token_form.js";
import { webhookList } from "./webhooks.js";

const JOB = /^#\/jobs\/([0-9a-f-]{36})$/;

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const home = /** @type {HTMLElement} */ (document.getElementById("home"));
let view = new AbortController();
/** @type {ReturnType<typeof newDub> | null} */
let form = null;
let refusal = "";

/** Show what the address says. */
function show() {
  view.abort();
  view = new AbortController();
  const job = JOB.exec(location.hash);
  home.hidden = !token() || !job;
  document.title = "YT Dubber";
  if (!token()) main.replaceChildren(signedOut());
  else if (job) jobPage(main, job[1], view.signal, again);
  else start();
}

/** A new dub, and the dubs that are there. */
function start() {
  form ??= made();
  const there = el(
    "button",
    { type: "button", class: "quiet to-dubs", hidden: true, onclick: () => toDubs() },
    "Your dubs",
    icon("down"),
  );
  const hello = el(
    "div",
    { class: "hello" },
    el("h1", {}, "Dub a recording"),
    there,
    el(
      "p",
      { class: "lead" },
      "Your recording or film, spoken in another language, at the same moments.",
    ),
  );
  const list = jobList(view.signal, (count) => (there.hidden = count === 0));
  main.replaceChildren(hello, form.node, list, webhookList(view.signal));
}

/** Where the dubs are that were made already. */
function toDubs() {
  const heading = document.getElementById("your-dubs");
  heading?.scrollIntoView({ block: "start" });
  heading?.focus({ preventScroll: true });
}

/** Begin a dub like one that is there. @param {import("./again.js").Again} like */
function again(like) {
  form ??= made();
  form.begin(like);
  location.hash = "#/";
}

function made() {
  const dub = newDub((job) => {
    location.hash = `#/jobs/${job}`;
  });
  const before = interrupted();
  if (before) dub.begin(before);
  ask("GET", "/api/languages")
    .then((answer) => answer.json())
    .then((languages) => {
      dub.picker.offer(languages);
      dub.options.offer(languages);
    })
    .catch((error) => dub.picker.complain(error.message));
  ask("GET", "/api/limits")
    .then((answer) => answer.json())
    .then((limits) => dub.limit(limits))
    .catch(() => {}); // a file that is too large is refused by name all the same
  return dub;
}

function signedOut() {
  const said = el("p", { class: "note bad", role: "alert" });
  note(said, refusal);
  return el(
    "section",
    { class: "signed-out" },
    el("h1", {}, "Open your launch link"),
    said,
    el(
      "p",
      {},
      "The program printed a link when it started. Open that link, and this browser is signed in:",
    ),
    el("p", {}, el("code", {}, `${location.origin}/?code=…`)),
    el(
      "p",
      { class: "hint" },
      "A link works once, within ten minutes. Later, paste here what ",
      el("code", {}, "ytdubber token"),
      " prints:",
    ),
    tokenForm((given) => {
      keep(given);
      refusal = "";
      enter();
    }),
  );
}

/** Show what is asked for, if the token is one. */
async function enter() {
  try {
    await ask("GET", "/api/users/me");
  } catch (error) {
    if (!token()) return; // it was refused, which is shown already
    refusal = error.message;
  }
  show();
}

/** Exchange the code of a launch link for a token. One that was used does no harm to a session. */
async function signIn() {
  const code = takeCode();
  if (code === null) return;
  try {
    const answer = await ask("POST", "/api/launch", { body: { code } });
    keep((await answer.json()).access_token);
  } catch (error) {
    refusal = error.message;
  }
}

addEventListener("signed-out", () => {
  refusal = "You are not signed in any more.";
  form = null;
  show();
});
addEventListener("hashchange", () => {
  show();
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
});
addEventListener("beforeunload", (event) => {
  if (form?.busy()) event.preventDefault();
});
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  if (event.defaultPrevented) return; // a zone has taken it
  event.preventDefault();
  const files = [...(event.dataTransfer?.files ?? [])];
  if (files.length && form?.node.isConnected) form.take(files);
});

await signIn();
show();

/** The token lasts hours; whoever looks at the page keeps it. */
const RENEWED_MS = 3_600_000;

function renew() {
  if (!token()) return;
  ask("POST", "/api/launch/renew")
    .then((answer) => answer.json())
    .then((session) => token() && keep(session.access_token))
    .catch(() => {}); // a token that somebody pasted in is not this page's to renew
}
setInterval(renew, RENEWED_MS);
renew();
