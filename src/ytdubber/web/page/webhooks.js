/** Programs of a person's that are told when a dub ends: added, tried out, removed. */

import { ask } from "./api_client.js";
import { announce, el, note } from "./dom.js";
import { when } from "./format.js";

const HINT =
  "An address of yours is posted to when a language or a dub ends. Messages are signed, and sent " +
  "again for three days where nobody takes them.";

const SIGNED = "What its messages are signed with, shown only now";

/** @param {AbortSignal} signal aborted when something else is to be shown */
export function webhookList(signal) {
  const url = el("input", {
    type: "text",
    inputmode: "url",
    id: "webhook-url",
    maxlength: 2000,
    autocomplete: "off",
    "aria-describedby": "webhook-error",
  });
  const add = el("button", { type: "submit" }, "Add");
  const secret = el("input", { type: "text", id: "webhook-secret", readonly: true });
  const told = el(
    "div",
    { class: "field told", hidden: true },
    el("label", { class: "name", for: secret.id }, SIGNED),
    secret,
  );
  const error = el("p", { class: "note bad", role: "alert", id: "webhook-error", hidden: true });
  const list = el("ul", { "aria-label": "Addresses that are told", hidden: true });
  const node = el(
    "details",
    { class: "webhooks", ontoggle: () => node.open && act(refresh) },
    el("summary", {}, "Tell a program"),
    el("p", { class: "hint" }, HINT),
    el(
      "form",
      {
        class: "row",
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          act(added);
        },
      },
      el(
        "div",
        { class: "field" },
        el("label", { class: "name", for: url.id }, "Its address"),
        url,
      ),
      add,
    ),
    error,
    told,
    list,
  );

  /** @param {() => Promise<void>} what */
  const act = async (what) => {
    note(error, "");
    add.disabled = true;
    try {
      await what();
    } catch (failure) {
      if (!signal.aborted) note(error, failure.message);
    } finally {
      add.disabled = false;
    }
  };

  const added = async () => {
    const body = { url: url.value.trim() };
    const made = await (await ask("POST", "/api/webhooks", { body, signal })).json();
    url.value = "";
    secret.value = made.secret;
    told.hidden = false;
    secret.focus();
    secret.select();
    await refresh();
  };

  const refresh = async () => {
    const known = await (await ask("GET", "/api/webhooks", { signal })).json();
    list.hidden = known.length === 0;
    list.replaceChildren(...known.map(entry));
  };

  /** @param {any} webhook */
  const entry = (webhook) => {
    const { id, url: address } = webhook;
    const state = el("span", { class: "hint", role: "status" }, stateOf(webhook));
    const tried = async () => {
      const answer = await ask("POST", `/api/webhooks/${id}/test`, { signal });
      const { message } = await answer.json();
      await refresh();
      announce(message);
    };
    const removed = async () => {
      await ask("DELETE", `/api/webhooks/${id}`, { signal });
      told.hidden = true;
      announce(`${address} is not told any more.`);
      await refresh();
    };
    return el(
      "li",
      {},
      el("span", { class: "address" }, address),
      state,
      el("span", { class: "row" }, press("Try it", tried), press("Remove", removed)),
    );

    /** @param {string} text @param {() => Promise<void>} what */
    function press(text, what) {
      return el(
        "button",
        {
          type: "button",
          class: "quiet",
          "aria-label": `${text}: ${address}`,
          onclick: () => act(what),
        },
        text,
      );
    }
  };

  return node;
}

/** @param {any} webhook */
function stateOf({ enabled, last, waiting }) {
  const parts = [
    enabled ? "" : "Switched off: nothing was taken for three days. Trying it switches it on.",
    last ? `${last.message} That was ${when(last.at)}.` : "Not told anything yet.",
    waiting ? `${waiting} waiting.` : "",
  ];
  return parts.filter(Boolean).join(" ");
}
