/** Listen and compare: original, dub and voice at the same moment, and the lines in them. */

import { el, note } from "./dom.js";
import { Edits } from "./edits.js";
import { languageTabs } from "./language_tabs.js";
import { levelsOf } from "./levels.js";
import { lineAt } from "./line_data.js";
import { waveLane } from "./line_lane.js";
import { lineView } from "./lines.js";
import { keepOriginal, originalAgain, originalOf } from "./originals.js";
import { picture } from "./picture.js";
import { playerFrame } from "./player_frame.js";
import { playerKeys } from "./player_keys.js";
import { recordings } from "./recordings.js";
import { revisionBar } from "./revision_bar.js";
import { sorted } from "./stems.js";
import { SyncedPlayer } from "./synced_player.js";
import { keyHelp, transport } from "./transport.js";
import { scrubbed, Waveform } from "./waveform.js";
import { wordList } from "./word_list.js";
import { workList } from "./work_list.js";

/** @typedef {import("./line_data.js").Line} Line */

/**
 * @param {string} id of the job
 * @param {() => Promise<any>} renew gives the job anew, with fresh links
 * @param {AbortSignal} signal
 * @param {(job: any) => void} onbegun told when a version of a dub is being made
 */
export function comparison(id, renew, signal, onbegun) {
  const tabs = languageTabs((code) => open(code));
  const canvas = el("canvas", { class: "wave", "aria-hidden": "true" });
  const media = el("div", { hidden: true });
  const loading = el("p", { class: "hint", role: "status" }, "Getting the sound…");
  const error = el("p", { class: "note bad", role: "alert", hidden: true });
  const deck = new SyncedPlayer(media, () => show());
  const screen = picture(id, deck);
  const controls = transport(deck, (by) => step(by));
  const work = workList(
    id,
    (line) => jump(line),
    (line) => ticked(line),
  );
  const lane = waveLane();
  const view = lineView(
    (line) => jump(line),
    work,
    () => deck.pause(),
    lane,
  );
  const missing = originalAgain((files) => again(files));
  const bar = revisionBar(
    () => edits,
    (newer) => onbegun(newer),
    () => open(language, true),
  );
  const words = wordList(() => edits);
  const { node, stage } = playerFrame(
    { canvas, media, loading, error, missing, controls, tabs, view, lane },
    [screen.node],
    [keyHelp(), bar.node, words.node, work.node],
  );
  const waveform = new Waveform(canvas, () => show());
  /** @type {any} */
  let job = null;
  let language = "";
  let opened = new AbortController();
  /** Gives up the sound that is loaded. */
  let release = () => {};
  /** @type {Line[]} */
  let lines = [];
  /** What a person changes in them. @type {Edits | null} */
  let edits = null;
  /** What they said before a new version. @type {Line[] | null} */
  let before = null;
  let turning = 0;

  /** @param {any} newer */
  const update = (newer) => {
    job = newer;
    const done = job.languages.filter(({ languageCode: code }) =>
      job.files.some((file) => file.language === code && file.kind === "voice"),
    );
    node.hidden = done.length === 0;
    screen.update(job);
    tabs.offer(done);
    if (!language && done.length) open(done[0].languageCode);
    const shown = job.languages.find((each) => each.languageCode === language);
    if (edits && shown) versions(shown);
  };

  /** Show how far a new version is, and when it is there, that one. @param {any} shown */
  const versions = ({ revision, rendering }) => {
    if (!edits || (edits.known.revision === revision && edits.known.rendering === rendering)) {
      return;
    }
    if (rendering === null && job.finished_at === null) return; // its files are being told of
    const failed = rendering === null && edits.known.revision === revision;
    Object.assign(edits.known, { revision, rendering });
    if (rendering === null) heardAnew(failed);
    else bar.update();
  };

  /** Listen to what a new version says otherwise. @param {boolean} failed there is none */
  const heardAnew = (failed) => {
    if (failed) bar.complain();
    before = lines;
    open(language, true);
  };

  /** @param {string} code @param {boolean} [anew] although it is shown */
  const open = async (code, anew = false) => {
    if (code === language && !error.textContent && !anew) return;
    if (code !== language) edits = null;
    language = code;
    tabs.press(code);
    opened.abort();
    opened = new AbortController();
    note(error, "");
    loading.hidden = false;
    try {
      await load(code, AbortSignal.any([opened.signal, signal]));
      loading.hidden = true;
    } catch (failure) {
      if (signal.aborted || failure.name === "AbortError") return;
      loading.hidden = true;
      note(error, failure.message);
    }
  };

  /** @param {string} code @param {AbortSignal} until */
  const load = async (code, until) => {
    const fresh = waveform.scene.length_s ? await renew() : job;
    const stems = originalOf(id)?.stems;
    const told = fresh.editable ? (edits ?? new Edits(id, code, () => edited())) : null;
    const other = edits && (await bar.compared(edits));
    const found = await recordings(fresh, code, stems, until, other?.files);
    if (until.aborted) {
      found.release();
      return;
    }
    missing.hidden = stems !== undefined;
    screen.update(fresh);
    lines = found.lines;
    await told?.load(until);
    edits = told;
    work.show(lines, code, edits);
    view.show(lines, code, edits);
    words.update();
    bar.update();
    waveform.scene = { length_s: found.length_s, lines, original: null, dub: null };
    const changed = before && lines.find(({ target }, at) => target !== before?.[at]?.target);
    before = null;
    controls.name("other", other ? `Version ${other.revision}` : "");
    const heard = deck.heard in found.sources ? deck.heard : "dub";
    await deck.load(found.sources, heard, changed ? changed.dub_from_s : deck.time_s);
    release();
    release = found.release;
    node.classList.add("ready");
    show();
    const [original, dub] = await Promise.all([
      stems?.voice ? levelsOf(stems.voice, found.length_s) : null,
      levelsOf(found.voice, found.length_s),
    ]);
    if (until.aborted) return;
    Object.assign(waveform.scene, { original, dub });
    show();
  };

  const show = () => {
    const original = deck.heard === "original";
    const at = lineAt(lines, deck.time_s, original);
    controls.show(waveform.scene.length_s);
    stage.classList.toggle("at-original", original);
    waveform.draw(deck.time_s, original, at);
    lane.follow(waveform.from_s, waveform.span_s);
    view.mark(at, original);
    work.follow(lines[at], deck.time_s, deck.playing && !original);
    screen.follow();
    cancelAnimationFrame(turning);
    if (deck.playing) turning = requestAnimationFrame(show);
  };

  /** Something of the lines is otherwise. */
  const edited = () => {
    view.refresh();
    work.update();
    words.update();
    bar.update();
    show();
  };

  /** @param {Line} line that was looked at */
  const ticked = (line) => {
    view.refresh(line);
    show();
  };

  /** @param {Line} line */
  const jump = (line) => deck.seek(deck.heard === "original" ? line.from_s : line.dub_from_s);

  /** @param {number} by */
  const step = (by) => {
    const from = (/** @type {Line} */ line) =>
      deck.heard === "original" ? line.from_s : line.dub_from_s;
    const at = lines.findLastIndex((line) => from(line) <= deck.time_s + 0.05);
    const next = lines[Math.max(0, Math.min(lines.length - 1, at + by))];
    if (next) jump(next);
  };

  /** @param {File[]} files the originals, chosen again */
  const again = (files) => {
    if (!files.length) return;
    const stems = files.length > 1 ? sorted(files) : { voice: files[0], background: null };
    keepOriginal(id, stems);
    const code = language;
    language = "";
    open(code);
  };

  scrubbed(waveform, (time_s) => deck.seek(time_s));
  playerKeys(node, signal, (event, engaged) => {
    if (node.classList.contains("ready")) controls.key(event, node, engaged);
    bar.key(event);
    work.key(event);
  });
  signal.addEventListener("abort", () => {
    opened.abort();
    deck.close();
    screen.close();
    release();
    waveform.close();
  });
  return { node, update };
}
