/** A dub that somebody shared: it is played, and there is nothing else here. */

import { el, note } from "./dom.js";
import { date } from "./format.js";

const NO_LINK = "This address is not complete. Open the whole link you were sent.";
const AWAY = "The service cannot be reached. Try again in a moment.";
/** Several addresses in a row that do not play mean that it cannot be played here. */
const MOST_IN_A_ROW = 3;
const UNPLAYED = "This browser cannot play it.";

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const error = el("p", { class: "note bad", role: "alert", hidden: true });

/** What the link plays, at fresh addresses. */
async function asked() {
  const token = location.hash.slice(1);
  if (!/^[\w-]{20,100}$/.test(token)) throw new Error(NO_LINK);
  const answer = await fetch(`/api/shared/${token}`).catch(() => {
    throw new Error(AWAY);
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.message);
  return body;
}

/** @param {any} dub */
function player(dub) {
  const media = el(dub.kind === "video" ? "video" : "audio", {
    controls: true,
    controlslist: "nodownload noremoteplayback",
    disableremoteplayback: true,
    disablepictureinpicture: true,
    playsinline: true,
    preload: "metadata",
    "aria-label": `${dub.title}, in ${dub.language_name}`,
    oncontextmenu: (event) => event.preventDefault(),
  });
  const spoken = el("p", { class: "spoken", lang: dub.language, dir: "auto" });
  let failed = 0;

  /** @param {any} now its addresses */
  const source = ({ url, captions_url: captions }) => {
    const at_s = media.currentTime;
    const plays = !media.paused && failed > 0;
    media.replaceChildren();
    media.src = url;
    if (captions) media.append(captionsOf(captions, dub, media, spoken));
    media.currentTime = at_s;
    if (plays) media.play().catch(() => {});
  };

  /** Addresses last minutes: go on with another, where it was. */
  const again = async () => {
    failed += 1;
    try {
      if (failed > MOST_IN_A_ROW) throw new Error(UNPLAYED);
      source(await asked());
    } catch (failure) {
      note(error, failure.message);
      media.remove();
      spoken.remove();
    }
  };
  media.addEventListener("error", again);
  media.addEventListener("playing", () => (failed = 0));
  source(dub);
  return [media, dub.captions_url && dub.kind === "sound" && spoken];
}

/**
 * Captions: of a video in its picture, of a sound below it.
 *
 * @param {string} url
 * @param {any} dub
 * @param {HTMLMediaElement} media
 * @param {HTMLElement} spoken
 */
function captionsOf(url, dub, media, spoken) {
  const track = el("track", {
    kind: "captions",
    src: url,
    srclang: dub.language,
    label: dub.language_name,
    default: dub.kind === "video",
  });
  if (dub.kind === "sound") {
    track.track.mode = "hidden";
    track.track.addEventListener("cuechange", () => {
      const cues = [...(track.track.activeCues ?? [])];
      spoken.textContent = cues.map((cue) => /** @type {VTTCue} */ (cue).text).join("\n");
    });
  }
  return track;
}

async function show() {
  main.replaceChildren(el("h1", {}, "A dub"), error);
  note(error, "");
  try {
    const dub = await asked();
    document.title = `${dub.title} · YT Dubber`;
    main.replaceChildren(
      el("h1", { dir: "auto" }, dub.title),
      el("p", { class: "lead" }, `In ${dub.language_name}, spoken by an AI voice.`),
      ...player(dub).filter(Boolean),
      error,
      el("p", { class: "hint" }, `It can be heard here until ${date(dub.expires_at)}.`),
    );
  } catch (failure) {
    note(error, failure.message);
  }
}

addEventListener("hashchange", show);
show();
