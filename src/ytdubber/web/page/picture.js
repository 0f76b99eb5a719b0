/** The picture of a recording, in step with what is heard. */

import { here } from "./api_client.js";
import { el } from "./dom.js";
import { originalOf } from "./originals.js";
import { isFilm } from "./stems.js";

/** Further from what is heard than this it is put in its place, nearer it is hurried along. */
const LOST_S = 0.3;
const CLOSE_S = 0.03;
const MOST = 0.1;

/**
 * It is that of the film a person gave, while the page has it, or of the video that was made.
 *
 * @param {string} id of the job
 * @param {import("./synced_player.js").SyncedPlayer} deck
 */
export function picture(id, deck) {
  const video = el("video", {
    class: "picture",
    playsinline: true,
    preload: "auto",
    "aria-label": "Picture",
    hidden: true,
  });
  video.muted = true;
  let source = "";
  let release = () => {};
  video.addEventListener("error", () => {
    video.hidden = true;
  });
  video.addEventListener("loadeddata", () => {
    video.hidden = video.videoWidth === 0;
    follow();
  });

  /** Be where the sound is. */
  const follow = () => {
    if (video.readyState === HTMLMediaElement.HAVE_NOTHING || video.seeking) return;
    const ahead_s = video.currentTime - deck.time_s;
    if (deck.playing === video.paused && !video.ended) {
      if (deck.playing) video.play().catch(() => {});
      else video.pause();
    }
    if (Math.abs(ahead_s) > (deck.playing ? LOST_S : CLOSE_S)) {
      video.currentTime = Math.min(deck.time_s, video.duration || 0);
    } else if (Math.abs(ahead_s) < CLOSE_S) video.playbackRate = 1;
    else video.playbackRate = 1 - Math.max(-MOST, Math.min(MOST, ahead_s));
  };

  return {
    node: video,
    follow,
    /** @param {any} job */
    update: (job) => {
      const film = originalOf(id)?.stems.voice;
      const made = job.files.find(
        (file) => file.kind === "video" && file.url && video.canPlayType(file.mime),
      );
      const now = isFilm(film) ? "given" : made ? made.id : "";
      if (now === source) return;
      source = now;
      release();
      const url = isFilm(film) ? URL.createObjectURL(film) : made ? here(made.url) : "";
      release = () => isFilm(film) && URL.revokeObjectURL(url);
      if (url) video.src = url;
      else video.removeAttribute("src");
      video.hidden = true;
    },
    close: () => {
      video.pause();
      video.removeAttribute("src");
      release();
    },
  };
}
