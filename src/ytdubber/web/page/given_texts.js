/** What a person wrote of a recording: what is said in it, and what is to be said. */

import { el } from "./dom.js";
import { textFile } from "./text_file.js";

/** @typedef {import("./language_picker.js").Language} Language */

const KINDS = "SRT, VTT, TTML, plain text or JSON";
/** What an error is about, as the service calls it. */
const SCRIPT = /^script\b/;
const TRANSLATION = /^translations?\b(?:, | )?([a-z]{2,3}(?:-\w+)?)?/;

export function givenTexts() {
  const script = textFile("What is said", "text-script", "A script of the recording.");
  const each = el("div", { class: "fields-within" });
  const node = el(
    "fieldset",
    { class: "field texts", "aria-describedby": "texts-hint" },
    el("legend", {}, "Your own texts"),
    el(
      "span",
      { class: "hint", id: "texts-hint" },
      `Instead of what is heard or translated: ${KINDS}.`,
    ),
    each,
  );
  /** @type {Map<string, ReturnType<typeof textFile>>} */
  const known = new Map();
  let shown = "none";
  /** Texts of another dub, for languages that are not shown. @type {Record<string, string>} */
  let before = {};

  /** Show a place for each of these languages. @param {Language[]} languages */
  const cast = (languages) => {
    const now = languages.map(({ code }) => code).join();
    if (now === shown) return;
    shown = now;
    for (const { code, name } of languages) {
      if (known.has(code)) continue;
      const one = textFile(`What to say in ${name}`, `text-${code}`, "Nothing is translated then.");
      if (before[code]) one.put(before[code], "As before");
      known.set(code, one);
    }
    each.replaceChildren(
      script.node,
      ...languages.map(({ code }) => known.get(code)?.node ?? ""),
    );
  };
  cast([]);

  return {
    node,
    cast,
    /** @param {Language[]} languages */
    read: (languages) => {
      const given = languages.map(({ code }) => [code, known.get(code)?.text() ?? ""]);
      const translations = Object.fromEntries(given.filter(([, text]) => text));
      return {
        ...(script.text() && { script: script.text() }),
        ...(Object.keys(translations).length && { translations }),
      };
    },
    /** @param {{script?: string, translations?: Record<string, string>}} jobOptions */
    write: ({ script: said, translations }) => {
      script.put(said ?? "", "As before");
      before = translations ?? {};
      known.clear();
      shown = "none";
    },
    /**
     * Say what is wrong with one of them; whether it is about one.
     *
     * @param {string} field what the service names
     * @param {string} text
     */
    complain: (field, text) => {
      const about = SCRIPT.test(field) ? script : known.get(TRANSLATION.exec(field)?.[1] ?? "");
      about?.complain(text);
      return about !== undefined;
    },
    clear: () => {
      for (const one of [script, ...known.values()]) one.complain("");
    },
  };
}
