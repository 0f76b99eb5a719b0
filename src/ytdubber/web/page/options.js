/** How a dub is made, for those who want it otherwise than it comes. */

import { el, note } from "./dom.js";
import { keepTerms, keptTerms } from "./kept_terms.js";
import { voiceChoice } from "./voices.js";

/** @typedef {import("./language_picker.js").Language} Language */

const LOUDNESS = [
  ["youtube", "YouTube (−14 LUFS)"],
  ["podcast", "Podcast (−16 LUFS)"],
  ["ebu", "European television (−23 LUFS)"],
  ["netflix", "Netflix (dialogue at −27 LUFS)"],
  ["source", "As loud as the original"],
];
const SEPARATING = [
  ["auto", "Separated, if music or noise is heard"],
  ["yes", "Separated"],
  ["no", "Left out: the voice alone is dubbed"],
];
const VIDEOS = [
  ["", "No video"],
  ["mp4", "MP4, which plays everywhere"],
  ["mkv", "MKV, with lossless sound"],
];
const KEPT =
  "Lines of the dub can be changed and spoken again: the recording stays, encrypted, as long as " +
  "the files do, 48 hours. Without it the recording goes as soon as the dub is made.";
const FORMATS = ["flac", "mp3", "m4a", "opus", "wav"];
const USUAL = ["flac", "mp3"];

/** @param {(code: string) => void} onsource told which language is said to be spoken */
export function dubOptions(onsource) {
  const title = el("input", { type: "text", maxlength: 255, autocomplete: "off" });
  const source = select("", [["", "Find out by listening"]]);
  source.addEventListener("change", () => onsource(source.value));
  const track = el("input", { type: "text", maxlength: 40, autocomplete: "off" });
  const separate = select("auto", SEPARATING);
  const video = select("", VIDEOS);
  const videoField = field("Video", video, "Your picture with the original and every dub in it.");
  videoField.hidden = true;
  const speakers = el("input", { type: "number", min: 1, max: 100, step: 1 });
  const loudness = select("youtube", LOUDNESS);
  const ducking = el("input", { type: "checkbox" });
  const editable = el("input", { type: "checkbox", "aria-describedby": "option-editable-hint" });
  const premium = el("input", { type: "checkbox" });
  const premiumLine = line(premium, "Premium voices");
  const tier = () => (premium.checked ? "premium" : "standard");
  const voices = voiceChoice(tier);
  /** @type {Language[]} */
  let targets = [];
  premium.addEventListener("change", () => voices.cast(targets));
  const glossary = el("textarea", {
    rows: 3,
    maxlength: 20_000,
    spellcheck: "false",
    onchange: () => keepTerms(glossary.value),
  });
  glossary.value = keptTerms();
  const formats = FORMATS.map((name) =>
    el("input", { type: "checkbox", value: name, checked: USUAL.includes(name) }),
  );
  const error = el("p", { class: "note bad", role: "alert", hidden: true });
  const node = el(
    "details",
    { class: "options" },
    el("summary", {}, "Voices and options"),
    el(
      "div",
      { class: "fields" },
      field("Title", title, "The name of the voice file, when empty."),
      field("Spoken language", source, ""),
      field("Sound track", track, "Of a file with several: its number or its language."),
      field(
        "Music in the voice file",
        separate,
        "Where no background is given: what is not the voice stays under the dub.",
      ),
      videoField,
      field("People who speak", speakers, "Told apart by listening, when empty."),
      field("Loudness", loudness, ""),
      field(
        "Names and terms",
        glossary,
        "One on each line: heard and written the way you write them. Kept here for the next dub.",
      ),
      el(
        "fieldset",
        { class: "field" },
        el("legend", {}, "Sound files"),
        el(
          "div",
          { class: "row" },
          formats.map((box) => line(box, box.value.toUpperCase())),
        ),
      ),
      line(ducking, "Lower the background while the voice speaks"),
      el(
        "div",
        { class: "field" },
        line(editable, "Keep it for corrections"),
        el("span", { class: "hint", id: "option-editable-hint" }, KEPT),
      ),
      premiumLine,
      voices.node,
    ),
    error,
  );
  premiumLine.hidden = true;

  return {
    node,
    /** @param {Language[]} languages */
    offer: (languages) => {
      for (const { code, name } of [...languages].sort((a, b) => a.name.localeCompare(b.name))) {
        source.append(el("option", { value: code }, name));
      }
      premiumLine.hidden = !languages.some(({ voices }) =>
        voices.some(({ tiers }) => tiers.includes("premium")),
      );
    },
    /**
     * The fields of a request for these languages.
     *
     * @param {Language[]} languages
     */
    read: (languages) => {
      const cast = voices.read(languages);
      const terms = glossary.value
        .split("\n")
        .map((term) => term.trim())
        .filter(Boolean);
      return {
        ...(title.value.trim() && { title: title.value.trim() }),
        ...(source.value && { source_language: source.value }),
        ...(track.value.trim() && { track: track.value.trim() }),
        ...(Number(speakers.value) && { speakers: Number(speakers.value) }),
        ...(!videoField.hidden && video.value && { video: video.value }),
        ...(!separate.disabled && { separate: separate.value }),
        ...(Object.keys(cast).length && { voices: cast }),
        ...(premium.checked && { voice_tier: tier() }),
        ...(terms.length && { glossary: terms }),
        loudness: loudness.value,
        ducking: ducking.checked,
        editable: editable.checked,
        formats: chosen(formats),
      };
    },
    /** A recording with a picture can come back as a video. @param {boolean} has */
    picture: (has) => {
      if (has && videoField.hidden) video.value = "mp4";
      videoField.hidden = !has;
    },
    /** Whether this is a machine of one's own, where things are kept unless one says otherwise. */
    /** @param {boolean} is */
    own: (is) => {
      editable.checked = is;
    },
    /** A background of its own needs no separation. @param {boolean} has */
    background: (has) => {
      separate.disabled = has;
    },
    /** Show whose voices can be chosen. @param {Language[]} languages */
    cast: (languages) => {
      targets = languages;
      voices.cast(languages);
    },
    /**
     * Show how another dub was made.
     *
     * @param {Record<string, any>} wishes as `read` gave them; where only the title is known, all
     *   else stays as it is
     */
    write: ({ title: named, ...wishes }) => {
      title.value = named ?? "";
      track.value = wishes.track ?? "";
      speakers.value = wishes.speakers ?? "";
      if (!wishes.formats) return;
      source.value = wishes.source_language ?? "";
      onsource(source.value);
      premium.checked = wishes.voice_tier === "premium";
      glossary.value = (wishes.glossary ?? []).join("\n");
      video.value = wishes.video ?? "";
      separate.value = wishes.separate ?? "auto";
      loudness.value = wishes.loudness;
      ducking.checked = wishes.ducking;
      editable.checked = wishes.editable ?? editable.checked;
      for (const box of formats) box.checked = wishes.formats.includes(box.value);
      voices.write(wishes.voices ?? {});
    },
    /** A title, a track and who speaks belong to one recording; all else may serve for the next. */
    forgetRecording: () => {
      title.value = "";
      track.value = "";
      speakers.value = "";
    },
    /** @param {string} text */
    complain: (text) => {
      note(error, text);
      if (text) node.open = true;
    },
  };
}

/** @param {HTMLInputElement[]} boxes */
function chosen(boxes) {
  const names = boxes.filter((box) => box.checked).map((box) => box.value);
  return names.length ? names : USUAL;
}

/**
 * @param {string} value
 * @param {string[][]} options
 */
function select(value, options) {
  const made = el(
    "select",
    {},
    options.map(([key, text]) => el("option", { value: key }, text)),
  );
  made.value = value;
  return made;
}

/**
 * @param {string} name
 * @param {HTMLElement} control
 * @param {string} hint
 */
function field(name, control, hint) {
  const id = `option-${name.toLowerCase().replaceAll(" ", "-")}`;
  control.id = id;
  if (hint) control.setAttribute("aria-describedby", `${id}-hint`);
  return el(
    "div",
    { class: "field" },
    el("label", { class: "name", for: id }, name),
    control,
    hint && el("span", { class: "hint", id: `${id}-hint` }, hint),
  );
}

/**
 * @param {HTMLInputElement} box
 * @param {string} text
 */
function line(box, text) {
  return el("label", { class: "check" }, box, text);
}
