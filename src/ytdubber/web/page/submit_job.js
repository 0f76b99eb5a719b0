/** A job on its way to the service: announced, uploaded, submitted. */

import { ApiError, ask } from "./api_client.js";
import { forgetPending, keepPending, pendingOf } from "./pending.js";
import { sendInPieces } from "./resumable.js";
import { typeOf } from "./stems.js";
import { put } from "./upload.js";

/** @typedef {import("./stems.js").Stems} Stems */

const CUT = "Connection lost – going on when it is back";
/** What a job that was begun before may have met meanwhile; it is begun anew then. */
const OVER = new Set([403, 404, 410]);

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
  no_sound_for_video: "options",
  unknown_format: "options",
  unknown_voice: "options",
};

/**
 * @param {object} jobOptions the languages, and how they are to be made
 * @param {Stems} stems
 * @param {AbortSignal} signal
 * @param {(text: string, track?: "voice" | "background", part?: number) => void} tell what is
 *   being done, and how much of a file has been sent, 0 to 1
 * @returns {Promise<string>} the id of the job
 */
export async function sendJob(jobOptions, { voice, background }, signal, tell) {
  tell("Preparing…");
  const body = {
    ...jobOptions,
    voice_track_name: voice.name,
    voice_track: facts(voice),
    ...(background && {
      background_track_name: background.name,
      background_track: facts(background),
    }),
  };
  const stems = { voice, background };
  const pending = pendingOf(stems, jobOptions);
  const before = pending.announced !== null;
  if (!before) {
    const answer = await ask("POST", "/api/jobs/upload-urls", { body, signal });
    pending.announced = await answer.json();
    keepPending(pending);
  }
  const id = pending.announced.job_id;
  try {
    await filled(pending, before, stems, signal, tell);
  } catch (failure) {
    forgetPending();
    if (before && failure instanceof ApiError && OVER.has(failure.status)) {
      if (await submitted(id, signal)) return id;
      return sendJob(jobOptions, stems, signal, tell);
    }
    withdraw(id);
    throw failure;
  }
  forgetPending();
  return id;
}

/**
 * Whether a job that takes no files any more was submitted, by a page whose answer got lost. To
 * submit it again changes nothing.
 *
 * @param {string} id
 * @param {AbortSignal} signal
 */
async function submitted(id, signal) {
  try {
    await ask("POST", "/api/jobs", { body: { job_id: id }, signal });
    return true;
  } catch (failure) {
    if (signal.aborted) throw failure;
    return false;
  }
}

/** Nobody comes back to a job that was refused or stopped: its reason stands in the form. */
/** @param {string} id */
function withdraw(id) {
  ask("DELETE", `/api/jobs/${id}`, { signal: AbortSignal.timeout(WITHDRAW_MS) }).catch(() => {});
}

/**
 * Upload the recording of an announced job, and submit it.
 *
 * @param {import("./pending.js").Pending} pending
 * @param {boolean} before whether it was begun before
 * @param {Stems} stems
 * @param {AbortSignal} signal
 * @param {(text: string, track?: "voice" | "background", part?: number) => void} tell
 */
async function filled(pending, before, { voice, background }, signal, tell) {
  const { job_id: id, upload_urls: links, resumable } = pending.announced;
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
    const told = {
      progressed,
      cut: () => tell(CUT, track, sent[track] / file.size),
      begun: (url) => {
        pending.begun[track] = url;
        keepPending(pending);
      },
    };
    const target = resumable?.[`${track}_track`];
    const begun = pending.begun[track] ?? null;
    try {
      if (target) await sendInPieces(target, file, typeOf(file), begun, signal, told);
      else await put(links[`${track}_track`], file, typeOf(file), progressed, signal);
    } catch (failure) {
      if (before && failure.code === "already_uploaded") return;
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
  const field = fieldOf(failure);
  if (field === voice.name) return "voice";
  if (field === background?.name) return "background";
  if (field.startsWith("languages")) return "languages";
  if (OPTIONS.test(field)) return "options";
  return PLACES[failure.code] ?? "form";
}

/** Fields of a request that are chosen among the options. */
const OPTIONS = new RegExp(
  "^(glossary|spoken_as|title|voices|loudness|formats|separate|speakers|source_language|video|" +
    "editable|keep|captions|track|ducking|script|translations?)\\b",
);

/** Which field an error is about where it does not begin with its name, by its code. */
const FIELDS = { no_sound_for_video: "video", unknown_format: "formats" };

/** Which field of a request an error is about, as the service names it. @param {any} failure */
export const fieldOf = (failure) =>
  FIELDS[failure.code] ?? failure.details?.[0]?.field ?? failure.message.split(":")[0];

/** @param {File} file */
const facts = (file) => ({ size: file.size, type: typeOf(file) });
