/** A job on its way to the service: announced, uploaded, submitted. */

import { ask } from "./net.js";
import { typeOf } from "./stems.js";
import { put } from "./upload.js";

/** @typedef {import("./stems.js").Stems} Stems */

/** So long it is tried to remove a job that came to nothing. */
const WITHDRAW_MS = 20_000;

/** Where in the form an error is shown, by its code. Others stand over the button. */
const PLACES = {
  duration_mismatch: "files",
  language_not_spoken: "languages",
  nothing_to_dub: "languages",
  pair_not_translatable: "languages",
  unknown_language: "languages",
  no_premium_voices: "options",
  unknown_format: "options",
  unknown_voice: "options",
};

/**
 * @param {object} wishes the languages, and how they are to be made
 * @param {Stems} stems
 * @param {AbortSignal} signal
 * @param {(text: string, track?: "voice" | "background", part?: number) => void} tell what is
 *   being done, and how much of a file has been sent, 0 to 1
 * @returns {Promise<string>} the id of the job
 */
export async function sendJob(wishes, { voice, background }, signal, tell) {
  tell("Preparing…");
  const body = {
    ...wishes,
    voice_track_name: voice.name,
    voice_track: facts(voice),
    ...(background && {
      background_track_name: background.name,
      background_track: facts(background),
    }),
  };
  const announced = await ask("POST", "/api/jobs/upload-urls", { body, signal });
  const { job_id: id, upload_urls: links } = await announced.json();
  try {
    await filled(id, links, { voice, background }, signal, tell);
  } catch (failure) {
    withdraw(id);
    throw failure;
  }
  return id;
}

/** Nobody comes back to a job that was refused or stopped: its reason stands in the form. */
/** @param {string} id */
function withdraw(id) {
  ask("DELETE", `/api/jobs/${id}`, { signal: AbortSignal.timeout(WITHDRAW_MS) }).catch(() => {});
}

/**
 * Upload the recording of an announced job, and submit it.
 *
 * @param {string} id
 * @param {Record<string, string>} links
 * @param {Stems} stems
 * @param {AbortSignal} signal
 * @param {(text: string, track?: "voice" | "background", part?: number) => void} tell
 */
async function filled(id, links, { voice, background }, signal, tell) {
  const all_bytes = voice.size + (background?.size ?? 0);
  const sent = { voice: 0, background: 0 };
  /** @param {"voice" | "background"} track @param {File} file */
  const upload = async (track, file) => {
    /** @param {number} part */
    const progressed = (part) => {
      sent[track] = part * file.size;
      const percent = Math.floor((100 * (sent.voice + sent.background)) / all_bytes);
      tell(`Uploading, ${percent} %`, track, part);
    };
    try {
      await put(links[`${track}_track`], file, typeOf(file), progressed, signal);
    } catch (failure) {
      failure.track = track;
      throw failure;
    }
  };
  await Promise.all([upload("voice", voice), background && upload("background", background)]);
  tell("Checking the recording…");
  await ask("POST", "/api/jobs", { body: { job_id: id }, signal });
}

/**
 * Which part of the form an error is about.
 *
 * @param {any} failure
 * @param {Stems} stems
 * @returns {string} `voice`, `background`, `files`, `languages`, `options` or `form`
 */
export function placeOf(failure, { voice, background }) {
  if (failure.track) return failure.track;
  if (failure.code === "upload_too_large") {
    return voice.size > (failure.details?.limit_bytes ?? 0) || !background ? "voice" : "background";
  }
  if (failure.code === "wrong_content_type") {
    return /^(audio|video)\//.test(typeOf(voice)) ? "background" : "voice";
  }
  const field = failure.details?.[0]?.field ?? failure.message.split(":")[0];
  if (field === voice.name) return "voice";
  if (field === background?.name) return "background";
  if (field.startsWith("languages")) return "languages";
  if (/^(glossary|title|voices|loudness|formats|source_language)\b/.test(field)) return "options";
  return PLACES[failure.code] ?? "form";
}

/** @param {File} file */
const facts = (file) => ({ size: file.size, type: typeOf(file) });
