/** A new dub: two files, some languages, one button. */

import { ApiError } from "./api_client.js";
import { announce, el, icon, note, say } from "./dom.js";
import { dropZone } from "./drop_zone.js";
import { clock } from "./format.js";
import { languagePicker, summary } from "./language_picker.js";
import { dubOptions } from "./options.js";
import { NO_LIMITS, tooLarge, upTo } from "./limits.js";
import { keepOriginal } from "./originals.js";
import { priceTag } from "./price.js";
import { isFilm, sorted } from "./stems.js";
import { fieldOf, placeOf, sendJob } from "./submit_job.js";

const TOLERANCE_S = 1;
const KINDS = "Sound, or a film (MP4, MOV, WebM, MKV)";

/**
 * The form; it lives as long as the page, so that what was chosen stays when one looks at a dub.
 *
 * @param {(job: string) => void} onmade
 */
export function newDub(onmade) {
  const voice = dropZone({
    name: "Voice",
    hint: "Drop the spoken recording here, or choose it",
    symbol: "voice",
    onfiles: (files) => take(files, "voice"),
    onchange: () => look(),
  });
  const background = dropZone({
    name: "Background",
    hint: "Music and effects, if there are any",
    symbol: "wave",
    onfiles: (files) => take(files, "background"),
    onchange: () => look(),
  });
  const zones = { voice, background };
  const swap = el(
    "button",
    {
      type: "button",
      class: "swap",
      "aria-label": "Swap voice and background",
      hidden: true,
      onclick: () => exchange(),
    },
    icon("swap"),
  );
  const limit = el("p", { class: "hint" }, KINDS);
  const told = el("p", { class: "note again", role: "status", hidden: true });
  const warning = el("p", { class: "note warn", role: "status", hidden: true });
  const mismatch = el("p", { class: "note bad", role: "alert", hidden: true });
  const picker = languagePicker(() => look());
  const options = dubOptions((code) => picker.from(code));
  const error = el("p", { class: "note bad", role: "alert", hidden: true });
  const status = el("span", { class: "status", role: "status" });
  const price = priceTag();
  const go = el("button", { type: "submit", class: "primary" }, summary([]));
  const stop = el(
    "button",
    { type: "button", hidden: true, onclick: () => sending?.abort() },
    "Stop",
  );
  const what = el(
    "div",
    { class: "what" },
    told,
    el("div", { class: "zones" }, voice.node, swap, background.node),
    limit,
    warning,
    mismatch,
    picker.node,
    options.node,
  );
  const node = el(
    "form",
    { class: "new-dub", novalidate: true, onsubmit: (event) => submitted(event) },
    what,
    error,
    el("div", { class: "go" }, go, stop, status, price.node),
  );
  /** @type {AbortController | null} */
  let sending = null;
  let limits = NO_LIMITS;
  /** How long the recording was of the dub that this is to be like. */
  let before_s = NaN;

  /** @param {File[]} files @param {"voice" | "background"} place */
  const take = (files, place) => {
    if (sending) return;
    if (files.length === 1) {
      zones[place].put(files[0]);
      return;
    }
    const pair = sorted(files);
    voice.put(pair.voice);
    background.put(pair.background);
    announce(
      pair.sure
        ? `${pair.voice.name} is the voice, ${pair.background.name} the background.`
        : `${pair.voice.name} was taken for the voice. Swap them if it is the background.`,
    );
  };

  const exchange = () => {
    const [one, other] = [voice.file, background.file];
    voice.put(other);
    background.put(one);
  };

  const priced = () => {
    const languages = picker.chosen();
    const codes = languages.map(({ code }) => code);
    price.update(voice.file ? voice.length_s : before_s, codes, options.read(languages));
  };
  node.addEventListener("change", () => priced());

  const look = () => {
    swap.hidden = !voice.file && !background.file;
    const apart_s = Math.abs(voice.length_s - background.length_s);
    const lengths =
      `the voice lasts ${clock(voice.length_s, true)}, the background ` +
      clock(background.length_s, true);
    note(
      warning,
      apart_s > TOLERANCE_S
        ? `These two do not belong together as they are: ${lengths}. Export both from the same ` +
            "timeline, or the dub will be refused."
        : "",
    );
    for (const zone of [voice, background]) {
      const why = zone.file ? tooLarge(zone.file, limits) : "";
      if (why) zone.complain(why);
    }
    say(go, summary(picker.chosen()));
    options.cast(picker.chosen());
    options.background(background.file !== null);
    options.picture(isFilm(voice.file));
    priced();
    note(error, "");
    note(mismatch, "");
  };

  /** @param {Event} event */
  const submitted = (event) => {
    event.preventDefault();
    if (sending) return;
    clear();
    if (!voice.file) {
      voice.complain("Choose the voice recording first.");
      voice.focus();
    } else if (!picker.chosen().length) {
      picker.complain("Choose at least one language.");
      picker.focus();
    } else send(voice.file, background.file);
  };

  /** @param {File} spoken @param {File | null} under */
  const send = async (spoken, under) => {
    sending = new AbortController();
    busy(true);
    const stems = { voice: spoken, background: under };
    try {
      const languages = picker.chosen();
      const codes = languages.map(({ code }) => code);
      const jobOptions = { ...options.read(languages), languages: codes };
      const job = await sendJob(jobOptions, stems, sending.signal, (text, track, part) => {
        say(status, text);
        if (track) zones[track].progress(part);
      });
      keepOriginal(job, stems, jobOptions);
      note(told, "");
      before_s = NaN;
      voice.put(null);
      background.put(null);
      options.forgetRecording();
      onmade(job);
    } catch (failure) {
      if (!sending.signal.aborted) explain(failure);
    } finally {
      sending.abort(); // what is still being sent is for nobody
      sending = null;
      busy(false);
      go.focus({ preventScroll: true });
    }
  };

  /** @param {boolean} is */
  const busy = (is) => {
    what.inert = is;
    node.classList.toggle("busy", is);
    go.hidden = is;
    stop.hidden = !is;
    if (is) stop.focus();
    else say(status, "");
    zones.voice.progress(is ? 0 : null);
    zones.background.progress(is && background.file ? 0 : null);
  };

  const clear = () => {
    for (const place of [voice, background, picker, options]) place.complain("");
    note(error, "");
    note(mismatch, "");
  };

  /** @param {any} failure */
  const explain = (failure) => {
    const place = placeOf(failure, { voice: voice.file, background: background.file });
    const text =
      failure instanceof ApiError ? failure.message : "Something went wrong on this page.";
    if (place === "voice" || place === "background") zones[place].complain(text);
    else if (place === "languages") picker.complain(text);
    else if (place === "options") options.complain(text, fieldOf(failure));
    else if (place === "files") note(mismatch, text);
    else note(error, text);
    node.querySelector(".note.bad:not([hidden])")?.scrollIntoView({ block: "center" });
    if (!(failure instanceof ApiError)) throw failure;
  };

  return {
    node,
    picker,
    options,
    /** @param {import("./limits.js").Limits} told */
    limit: (told) => {
      limits = told;
      options.own(told.upload_bytes === null);
      say(limit, `${KINDS}${upTo(told)}.`);
      look();
    },
    /** Whether something is on its way, and leaving would stop it. */
    busy: () => sending !== null,
    /** Take over what another dub had. @param {import("./again.js").Again} like */
    begin: ({ title, languages, stems, jobOptions, seconds, note: text }) => {
      if (sending) return;
      clear();
      before_s = seconds;
      voice.put(stems?.voice ?? null);
      background.put(stems?.background ?? null);
      options.write({ title, ...jobOptions });
      picker.choose(languages);
      note(told, text);
    },
    /** @param {File[]} files dropped beside the zones */
    take: (files) => take(files, voice.file && !background.file ? "background" : "voice"),
  };
}
