/** What few people need of a dub: what stays, texts of one's own, other captions. */

import { el } from "./dom.js";
import { box, chosen, field, group, line, refuse } from "./fields.js";
import { givenTexts } from "./given_texts.js";

/** @typedef {import("./language_picker.js").Language} Language */

const CAPTIONS = [
  ["sdh", "For the deaf: who speaks, and sounds"],
  ["bilingual", "In both languages"],
];
const KEPT =
  "People by their letters and times, in the original's own sound: B, 0:10-0:25. Speaker A is " +
  "who speaks first.";

export function moreOptions() {
  const track = el("input", { type: "text", maxlength: 40, autocomplete: "off" });
  const keep = el("input", { type: "text", autocomplete: "off", spellcheck: "false" });
  const ducking = el("input", { type: "checkbox" });
  const captions = CAPTIONS.map(([name]) => box(name));
  const texts = givenTexts();
  const at = {
    track: field("Sound track", track, "Of a file with several: its number or its language."),
    keep: field("Keep as it is", keep, KEPT),
    captions: group(
      "More captions",
      captions.map((each, place) => line(each, CAPTIONS[place][1])),
    ),
  };
  const node = el(
    "details",
    { class: "more" },
    el("summary", {}, "More"),
    el(
      "div",
      { class: "fields-within" },
      at.track,
      at.keep,
      at.captions,
      el("div", { class: "field" }, line(ducking, "Lower the background while the voice speaks")),
      texts.node,
    ),
  );

  return {
    node,
    cast: texts.cast,
    /** @param {Language[]} languages */
    read: (languages) => {
      const kept = listed(keep.value);
      const variants = chosen(captions);
      return {
        ...(track.value.trim() && { track: track.value.trim() }),
        ...(kept.length && { keep: kept }),
        ...(variants.length && { captions: variants }),
        ...texts.read(languages),
        ducking: ducking.checked,
      };
    },
    /** @param {Record<string, any>} jobOptions as `read` gave them */
    write: (jobOptions) => {
      ducking.checked = jobOptions.ducking ?? false;
      for (const each of captions) each.checked = (jobOptions.captions ?? []).includes(each.value);
    },
    /** What belongs to one recording alone. @param {Record<string, any>} jobOptions */
    writeRecording: (jobOptions) => {
      track.value = jobOptions.track ?? "";
      keep.value = (jobOptions.keep ?? []).join(", ");
      texts.write(jobOptions);
    },
    /**
     * Say what is wrong at its field; whether it is one of these.
     *
     * @param {string} about
     * @param {string} text
     */
    complain: (about, text) => {
      const name = Object.keys(at).find((each) => about.startsWith(each));
      if (name) refuse(at[name], text);
      const found = name !== undefined || texts.complain(about, text);
      if (found) node.open = true;
      return found;
    },
    clear: () => {
      for (const each of Object.values(at)) refuse(each, "");
      texts.clear();
    },
  };
}

/** @param {string} text with commas between its parts */
const listed = (text) =>
  text
    .split(/[,;\n]/)
    .map((each) => each.trim())
    .filter(Boolean);
