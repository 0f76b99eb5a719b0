/** The two recordings: which is which, how long they are, and what they are. */

/** @typedef {{voice: File | null, background: File | null}} Stems */

const VOICE = /voice|vocal|speech|spoken|dialog|narrat|talk|(^|[^a-z])(vo|vox)([^a-z]|$)/i;
const BACKGROUND =
  /background|backing|music|instrumental|ambient|effect|(^|[^a-z])(bgm?|s?fx|m&e)([^a-z]|$)/i;

const TYPES = {
  "3gp": "video/3gpp",
  aac: "audio/aac",
  flac: "audio/flac",
  m4a: "audio/mp4",
  m4v: "video/x-m4v",
  mkv: "video/x-matroska",
  mov: "video/quicktime",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  oga: "audio/ogg",
  ogg: "audio/ogg",
  ogv: "video/ogg",
  opus: "audio/ogg",
  wav: "audio/wav",
  webm: "video/webm",
  wmv: "video/x-ms-wmv",
};

const ENDINGS = Object.keys(TYPES).map((each) => `.${each}`);
/** What a browser offers to be chosen: sounds, and films whose sound is taken. */
export const ACCEPTED = [...new Set(["audio/*", ...Object.values(TYPES), ...ENDINGS])].join(",");

const KNOWN_LATE_S = 10;

/**
 * The voice and the background among several files, told apart by their names. `sure` is false
 * where the names say nothing; the first is then taken for the voice.
 *
 * @param {File[]} files two or more
 * @returns {{voice: File, background: File, sure: boolean}}
 */
export function sorted(files) {
  const ordered = [...files].sort((one, two) => voiceLike(two.name) - voiceLike(one.name));
  const [voice, background] = [ordered[0], ordered[ordered.length - 1]];
  return { voice, background, sure: voiceLike(voice.name) > voiceLike(background.name) };
}

/** @param {string} name */
const voiceLike = (name) => Number(VOICE.test(name)) - Number(BACKGROUND.test(name));

/**
 * The media type of a file. Where the browser does not know it, its name tells.
 *
 * @param {File} file
 */
export function typeOf(file) {
  const ending = file.name.split(".").pop()?.toLowerCase() ?? "";
  return file.type || TYPES[ending] || "application/octet-stream";
}

/** Whether it is a film. @param {File | null | undefined} file */
export const isFilm = (file) => file != null && typeOf(file).startsWith("video/");

/**
 * How long a recording lasts, in seconds; NaN where the browser cannot tell.
 *
 * @param {File} file
 * @returns {Promise<number>}
 */
export function lengthOf(file) {
  const url = URL.createObjectURL(file);
  const audio = new Audio();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve(Number.isFinite(audio.duration) ? audio.duration : NaN);
      audio.removeAttribute("src");
      URL.revokeObjectURL(url);
    };
    const timer = setTimeout(done, KNOWN_LATE_S * 1000);
    audio.addEventListener("loadedmetadata", done);
    audio.addEventListener("error", done);
    audio.preload = "metadata";
    audio.src = url;
  });
}
