/** Links by which others hear a dub: made, copied, taken back. */

import { ask } from "./api_client.js";
import { announce, el, note, say } from "./dom.js";
import { date } from "./format.js";

const HOURS = [
  ["1", "An hour"],
  ["24", "A day"],
  ["48", "As long as the files"],
];
const HINT =
  "Whoever has the link hears this one language, without an account and without a download. " +
  "What is taken back stops within five minutes.";

/** @param {string} id of the job */
export function sharing(id) {
  const language = el("select", { id: "share-language" });
  const hours = el(
    "select",
    { id: "share-hours" },
    HOURS.map(([value, text]) => el("option", { value }, text)),
  );
  hours.value = "24";
  const make = el("button", { type: "submit" }, "Make a link");
  const address = el("input", { type: "text", id: "share-address", readonly: true });
  const copy = el("button", { type: "button", onclick: () => copied() }, "Copy");
  const made = el(
    "div",
    { class: "field made", hidden: true },
    el("label", { class: "name", for: address.id }, "The link, shown only now"),
    el("div", { class: "row" }, address, copy),
  );
  const error = el("p", { class: "note bad", role: "alert", hidden: true });
  const list = el("ul", { "aria-label": "Links", hidden: true });
  const languageField = labelled("Language", language);
  const node = el(
    "details",
    { class: "share", hidden: true, ontoggle: () => node.open && act(refresh) },
    el("summary", {}, "Let others hear it"),
    el("p", { class: "hint" }, HINT),
    el(
      "form",
      {
        class: "row",
        onsubmit: (event) => {
          event.preventDefault();
          act(added);
        },
      },
      languageField,
      labelled("For", hours),
      make,
    ),
    made,
    error,
    list,
  );
  /** @type {Map<string, string>} */
  let names = new Map();

  /** @param {any} job */
  const update = (job) => {
    const done = job.languages.filter(({ languageCode: code }) =>
      job.files.some((file) => file.language === code && file.kind === "voice"),
    );
    node.hidden = done.length === 0;
    languageField.hidden = done.length < 2;
    if (done.length === names.size) return;
    names = new Map(done.map((each) => [each.languageCode, each.languageName]));
    const before = language.value;
    language.replaceChildren(...[...names].map(([value, name]) => el("option", { value }, name)));
    if (names.has(before)) language.value = before;
  };

  /** @param {() => Promise<void>} what */
  const act = async (what) => {
    note(error, "");
    make.disabled = true;
    try {
      await what();
    } catch (failure) {
      note(error, failure.message);
    } finally {
      make.disabled = false;
    }
  };

  const added = async () => {
    const path = `/api/jobs/${id}/languages/${language.value}/shares`;
    const answer = await ask("POST", path, { body: { hours: Number(hours.value) } });
    address.value = (await answer.json()).url;
    made.hidden = false;
    say(copy, "Copy");
    address.focus();
    address.select();
    await refresh();
  };

  const refresh = async () => {
    const links = await (await ask("GET", `/api/jobs/${id}/shares`)).json();
    list.hidden = links.length === 0;
    list.replaceChildren(...links.map(entry));
  };

  /** @param {any} link */
  const entry = ({ id: share, language: code, created_at: at, expires_at: until }) => {
    const words = `${names.get(code) ?? code}, made ${date(at)}, plays until ${date(until)}`;
    const back = async () => {
      await ask("DELETE", `/api/jobs/${id}/shares/${share}`);
      made.hidden = true;
      announce("The link was taken back.");
      await refresh();
    };
    return el(
      "li",
      { class: "row" },
      el("span", {}, words),
      el(
        "button",
        {
          type: "button",
          class: "quiet",
          "aria-label": `Take back: ${words}`,
          onclick: () => act(back),
        },
        "Take back",
      ),
    );
  };

  const copied = async () => {
    address.select();
    try {
      await navigator.clipboard.writeText(address.value);
      say(copy, "Copied");
    } catch {
      say(copy, "Press Ctrl+C"); // the browser does not let pages copy
      address.focus();
    }
  };

  return { node, update };
}

/** @param {string} name @param {HTMLElement} control */
const labelled = (name, control) =>
  el("div", { class: "field" }, el("label", { class: "name", for: control.id }, name), control);
