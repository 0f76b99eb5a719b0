/** What a dub is called, and a pen to call it otherwise. */

import { ask } from "./api_client.js";
import { el, icon, note, say } from "./dom.js";

/**
 * @param {string} id of the job
 * @param {(job: any) => void} renamed
 */
export function titleEditor(id, renamed) {
  const heading = el("h1", { dir: "auto" });
  const pen = el(
    "button",
    { type: "button", class: "pen", "aria-label": "Rename", onclick: () => open() },
    icon("pen"),
  );
  const field = el("input", {
    type: "text",
    maxlength: 255,
    required: true,
    dir: "auto",
    "aria-label": "What this dub is called",
    onkeydown: (event) => event.key === "Escape" && close(),
  });
  const error = el("span", { class: "note bad", role: "alert", hidden: true });
  const form = el(
    "form",
    {
      class: "rename row",
      hidden: true,
      onsubmit: (event) => {
        event.preventDefault();
        save();
      },
    },
    field,
    el("button", { type: "submit", class: "primary" }, "Rename"),
    el("button", { type: "button", onclick: () => close() }, "Leave it"),
    error,
  );

  const open = () => {
    field.value = heading.textContent ?? "";
    shown(true);
    field.select();
  };
  const close = () => {
    note(error, "");
    shown(false);
    pen.focus();
  };
  /** @param {boolean} editing */
  const shown = (editing) => {
    form.hidden = !editing;
    heading.classList.toggle("unseen", editing);
    pen.hidden = editing;
  };
  const save = async () => {
    try {
      const body = { title: field.value };
      renamed(await (await ask("PATCH", `/api/jobs/${id}`, { body })).json());
      close();
    } catch (failure) {
      note(error, failure.message);
    }
  };

  return {
    nodes: [heading, pen, form],
    /** @param {string} title */
    show: (title) => say(heading, title),
  };
}
