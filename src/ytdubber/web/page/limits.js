/** How large files may be. */

import { bytes } from "./format.js";
import { isFilm } from "./stems.js";

/** @typedef {{upload_bytes: number | null, video_bytes?: number | null}} Limits */

/** @type {Limits} */
export const NO_LIMITS = { upload_bytes: null, video_bytes: null };

/**
 * Why a file cannot be sent; empty where it can.
 *
 * @param {File} file
 * @param {Limits} limits as the service says them, null for what the disk holds
 */
export function tooLarge(file, limits) {
  const most = isFilm(file) ? (limits.video_bytes ?? limits.upload_bytes) : limits.upload_bytes;
  if (!most || file.size <= most) return "";
  const why = `This file is larger than ${bytes(most)}, the most that can be sent.`;
  return isFilm(file)
    ? `${why} Save a smaller film, or its sound alone, and choose that.`
    : `${why} Save it as FLAC, which loses nothing, or as MP3, and choose that.`;
}

/** What may be sent, to be added to a sentence. @param {Limits} limits */
export function upTo({ upload_bytes: sound, video_bytes: film }) {
  const all = sound ? `; up to ${bytes(sound)} a file` : "";
  return film && film !== sound ? `${all}, ${bytes(film)} a film` : all;
}
