/** How a dub is made, for those who want it otherwise than it comes. */

import { el, note } from "./dom.js";
import { box, chosen, field, group, line, refuse, select } from "./fields.js";
import { keepTerms, keptTerms, linesOf, onTerms, termsOf } from "./kept_terms.js";
import { moreOptions } from "./more_options.js";
import { peopleVoices } from "./people_voices.js";
import { voiceChoice } from "./voices.js";

/** @typedef {import("./language_picker.js").Language} Language */

const LOUDNESS = [
  ["auto", "As it suits: a film's own, else YouTube's"],
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
const TERMS =
  "One on each line: heard and written the way you write them. LUFS = loofs is written LUFS and " +
  "spoken loofs; pt:LUFS = lufis is in Portuguese alone. Kept here for the next dub.";
const FORMATS = ["flac", "mp3", "m4a", "opus", "wav"];
const USUAL = ["flac", "mp3"];

/** @param {(code: string) => void} onsource told which language is said to be spoken */
export function dubOptions(onsource) {
  const title = el("input", { type: "text", maxlength: 255, autocomplete: "off" });
  const source = select("", [["", "Find out by listening"]]);
  source.addEventListener("change", () => onsource(source.value));
  const separate = select("auto", SEPARATING);
  const video = select("", VIDEOS);
  const apart = box("video_per_language");
  const speakers = el("input", { type: "number", min: 1, max: 100, step: 1 });
  const loudness = select("auto", LOUDNESS);
  const editable = el("input", { type: "checkbox", "aria-describedby": "option-editable-hint" });
  const premium = el("input", { type: "checkbox" });
  const premiumLine = line(premium, "Premium voices");
  const tier = () => (premium.checked ? "premium" : "standard");
  const voices = voiceChoice(tier);
  const people = peopleVoices(tier);
  const more = moreOptions();
  /** @type {Language[]} */
  let targets = [];
  const cast = () => {
    voices.cast(targets);
    people.cast(targets, Number(speakers.value));
    more.cast(targets);
  };
  premium.addEventListener("change", cast);
  speakers.addEventListener("input", cast);
  const glossary = el("textarea", {
    rows: 3,
    maxlength: 20_000,
    spellcheck: "false",
    onchange: () => keepTerms(glossary.value),
  });
  glossary.value = keptTerms();
  onTerms((text) => (glossary.value = text));
  const formats = FORMATS.map((name) => box(name, USUAL.includes(name)));
  const error = el("p", { class: "note bad", role: "alert", hidden: true });
  /** The fields by the names that the service has for them. */
  const at = {
    title: field("Title", title, "The name of the voice file, when empty."),
    source_language: field("Spoken language", source, ""),
    separate: field(
      "Music in the voice file",
      separate,
      "Where no background is given: what is not the voice stays under the dub.",
    ),
    video: field(
      "Video",
      video,
      "Your picture with the original and every dub in it.",
      line(apart, "A video for each language"),
    ),
    speakers: field("People who speak", speakers, "Told apart by listening, when empty."),
    loudness: field("Loudness", loudness, ""),
    glossary: field("Names and terms", glossary, TERMS),
    formats: group(
      "Sound files",
      formats.map((each) => line(each, each.value.toUpperCase())),
    ),
  };
  at.video.hidden = true;
  const node = el(
    "details",
    { class: "options" },
    el("summary", {}, "Voices and options"),
    el(
      "div",
      { class: "fields" },
      Object.values(at),
      el(
        "div",
        { class: "field" },
        line(editable, "Keep it for corrections"),
        el("span", { class: "hint", id: "option-editable-hint" }, KEPT),
      ),
      premiumLine,
      voices.node,
      people.node,
      more.node,
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
      const spoken = { ...voices.read(languages), ...people.read() };
      const terms = termsOf(glossary.value);
      const film = !at.video.hidden && video.value;
      return {
        ...(title.value.trim() && { title: title.value.trim() }),
        ...(source.value && { source_language: source.value }),
        ...(Number(speakers.value) && { speakers: Number(speakers.value) }),
        ...(film && { video: film }),
        ...(film && apart.checked && { video_per_language: true }),
        ...(!separate.disabled && { separate: separate.value }),
        ...(Object.keys(spoken).length && { voices: spoken }),
        ...(premium.checked && { voice_tier: tier() }),
        ...(terms.glossary.length && { glossary: terms.glossary }),
        ...(Object.keys(terms.spoken_as).length && { spoken_as: terms.spoken_as }),
        ...more.read(languages),
        loudness: loudness.value,
        editable: editable.checked,
        formats: chosen(formats).length ? chosen(formats) : USUAL,
      };
    },
    /** A recording with a picture can come back as a video. @param {boolean} has */
    picture: (has) => {
      if (has && at.video.hidden) video.value = "mp4";
      at.video.hidden = !has;
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
      cast();
    },
    /**
     * Show how another dub was made.
     *
     * @param {Record<string, any>} jobOptions as `read` gave them; with the title alone, all else
     *   stays as it is
     */
    write: ({ title: named, ...jobOptions }) => {
      title.value = named ?? "";
      speakers.value = jobOptions.speakers ?? "";
      more.writeRecording(jobOptions);
      people.write(jobOptions.voices ?? {});
      if (!jobOptions.formats) return;
      source.value = jobOptions.source_language ?? "";
      onsource(source.value);
      premium.checked = jobOptions.voice_tier === "premium";
      glossary.value = linesOf(jobOptions);
      video.value = jobOptions.video ?? "";
      apart.checked = jobOptions.video_per_language ?? false;
      separate.value = jobOptions.separate ?? "auto";
      loudness.value = jobOptions.loudness;
      editable.checked = jobOptions.editable ?? editable.checked;
      for (const each of formats) each.checked = jobOptions.formats.includes(each.value);
      voices.write(jobOptions.voices ?? {});
      more.write(jobOptions);
      cast();
    },
    /** A title, a track and who speaks belong to one recording; all else may serve for the next. */
    forgetRecording: () => {
      title.value = "";
      speakers.value = "";
      people.write({});
      more.writeRecording({});
      cast();
    },
    /**
     * Say what is wrong, at its field where it has one; an empty text is for nothing.
     *
     * @param {string} text
     * @param {string} [about] what the service names
     */
    complain: (text, about = "") => {
      note(error, "");
      for (const each of Object.values(at)) refuse(each, "");
      more.clear();
      if (!text) return;
      node.open = true;
      const named = about.startsWith("spoken_as") ? "glossary" : about;
      const name = Object.keys(at).find((each) => named.startsWith(each));
      if (name) refuse(at[name], text);
      else if (!more.complain(about, text)) note(error, text);
    },
  };
}
