/** One recording, made ready for a moment. */

/** The longest that the others wait for a recording that does not come. */
const READY_MS = 600;
/** What an element says when it may have become ready. */
const NEWS = ["seeked", "canplay", "error"];

/**
 * Whether a recording has nothing to say at a moment any more: stems may differ a little in length.
 *
 * @param {HTMLAudioElement} audio
 * @param {number} time_s
 */
export const over = (audio, time_s) => audio.duration - time_s < 0.05;

/**
 * Go to a moment and be ready there; what takes too long is not waited for.
 *
 * @param {HTMLAudioElement} audio
 * @param {number} time_s
 * @returns {Promise<void>}
 */
export function settled(audio, time_s) {
  audio.playbackRate = 1;
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      for (const name of NEWS) audio.removeEventListener(name, look);
      resolve();
    };
    const look = () => {
      if (!audio.seeking && audio.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) done();
    };
    const timer = setTimeout(done, READY_MS);
    for (const name of NEWS) audio.addEventListener(name, look);
    if (Math.abs(audio.currentTime - time_s) > 0.001) audio.currentTime = time_s;
    look();
  });
}
