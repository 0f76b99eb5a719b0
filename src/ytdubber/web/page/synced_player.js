/** Several recordings of the same moment, all running, one of them heard. Because none is ever
 * started late, the ear can go from one to another without a gap.
 *
 * They run through one audio context: holding it holds them all, so that they start together, and
 * its gains open and close without a click. Muting the elements instead would have the browser
 * change their outputs, and each change costs it some hundredths of a second. */

import { el } from "./dom.js";
import { over, settled } from "./ready.js";

const LOOK_MS = 150;
const FADE_S = 0.02;
/** Further apart than this and a recording is put in its place, nearer and it is hurried along. */
const LOST_S = 0.2;
const CLOSE_S = 0.015;
/** What is heard is hurried less: the ear would notice. */
const MOST_HEARD = 0.02;
const MOST_UNHEARD = 0.1;

/** @typedef {{audios: HTMLAudioElement[], gain: GainNode | null}} Source */

export class SyncedPlayer {
  /**
   * @param {HTMLElement} home where the media elements live
   * @param {() => void} changed told when it starts, stops, or is somewhere else
   */
  constructor(home, changed) {
    this.home = home;
    this.changed = changed;
    /** @type {AudioContext | null} */
    this.context = null;
    /** @type {Map<string, Source>} */
    this.sources = new Map();
    this.heard = "";
    this.playing = false;
    this.timer = 0;
    this.turn = 0;
    this.resting_s = 0;
  }

  /**
   * Take other recordings; whether it plays stays.
   *
   * @param {Record<string, string[]>} sources addresses by name; those of one name sound together
   * @param {string} heard
   * @param {number} time_s where in them
   */
  async load(sources, heard, time_s) {
    const { playing } = this;
    this.clear();
    this.resting_s = time_s;
    for (const [name, urls] of Object.entries(sources)) {
      const audios = urls.map((src) => el("audio", { src, preload: "auto", "data-source": name }));
      for (const audio of audios) {
        audio.currentTime = time_s;
        audio.addEventListener("ended", () => this.ended());
      }
      this.sources.set(name, { audios, gain: null });
      this.home.append(...audios);
    }
    this.heard = heard;
    if (playing) await this.play();
  }

  clear() {
    this.pause();
    for (const { audios, gain } of this.sources.values()) {
      gain?.disconnect();
      for (const audio of audios) {
        audio.removeAttribute("src");
        audio.remove();
      }
    }
    this.sources.clear();
  }

  close() {
    this.clear();
    this.context?.close();
    this.context = null;
  }

  /** @param {string} name */
  of(name) {
    return this.sources.get(name)?.audios ?? [];
  }

  get all() {
    return [...this.sources.values()].flatMap(({ audios }) => audios);
  }

  /** The recording that tells the time: the one that is heard, while it lasts. */
  get leader() {
    const heard = this.of(this.heard);
    return heard.find((audio) => !audio.ended) ?? heard[0];
  }

  get time_s() {
    return this.leader?.currentTime ?? this.resting_s;
  }

  get length_s() {
    return Math.max(0, ...this.all.map((audio) => audio.duration || 0));
  }

  async play() {
    const time_s = this.length_s && this.time_s >= this.length_s - 0.05 ? 0 : this.time_s;
    this.playing = true;
    clearInterval(this.timer);
    this.timer = setInterval(() => this.align(), LOOK_MS);
    this.changed();
    await this.together(async () => {
      const started = this.all.filter((audio) => !over(audio, time_s));
      await Promise.all(started.map((audio) => settled(audio, time_s)));
      if (!this.playing) return;
      const results = await Promise.allSettled(started.map((audio) => audio.play()));
      if (results.every(({ status }) => status === "rejected")) this.pause();
    });
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.turn += 1;
    clearInterval(this.timer);
    const time_s = this.time_s;
    for (const audio of this.all) {
      audio.pause();
      audio.playbackRate = 1;
      if (Math.abs(audio.currentTime - time_s) > CLOSE_S) audio.currentTime = time_s;
    }
    this.changed();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /** @param {number} time_s */
  seek(time_s) {
    const to_s = Math.min(Math.max(0, time_s), Math.max(0, this.length_s - 0.02));
    this.resting_s = to_s;
    if (this.playing) {
      this.together(async () => {
        await Promise.all(this.all.map((audio) => settled(audio, to_s)));
      });
    } else for (const audio of this.all) audio.currentTime = to_s;
    this.changed();
  }

  /**
   * Hear another recording, at this moment.
   *
   * @param {string} name
   */
  hear(name) {
    if (name === this.heard || !this.sources.has(name)) return;
    const time_s = this.time_s;
    this.heard = name;
    for (const audio of this.of(name)) {
      audio.playbackRate = 1;
      if (Math.abs(audio.currentTime - time_s) > LOST_S) audio.currentTime = time_s;
    }
    this.mix();
    this.changed();
  }

  /** Let what is heard through, and nothing else. */
  mix() {
    const { context } = this;
    for (const [name, { audios, gain }] of this.sources) {
      const level = name === this.heard ? 1 : 0;
      for (const audio of audios) audio.toggleAttribute("data-heard", level === 1);
      if (!context || !gain) continue;
      gain.gain.cancelScheduledValues(context.currentTime);
      gain.gain.setValueAtTime(gain.gain.value, context.currentTime);
      gain.gain.linearRampToValueAtTime(level, context.currentTime + FADE_S);
    }
  }

  /**
   * Hold all recordings until the work is done, then let them go together.
   *
   * @param {() => Promise<void>} work
   */
  async together(work) {
    this.turn += 1;
    const { turn } = this;
    const context = this.connected();
    await context.suspend();
    await work();
    if (turn === this.turn && this.playing) await context.resume();
  }

  /** The audio context, with every recording led through it. It is made when somebody plays. */
  connected() {
    const context = (this.context ??= new AudioContext());
    for (const [name, source] of this.sources) {
      if (source.gain) continue;
      source.gain = context.createGain();
      source.gain.gain.value = name === this.heard ? 1 : 0;
      source.gain.connect(context.destination);
      for (const audio of source.audios) {
        context.createMediaElementSource(audio).connect(source.gain);
      }
    }
    this.mix();
    return context;
  }

  /** Bring those that are not heard back into step with the one that is. */
  align() {
    const leader = this.leader;
    if (!leader || leader.seeking || this.context?.state !== "running") return;
    const time_s = leader.currentTime;
    leader.playbackRate = 1;
    for (const audio of this.all) {
      if (audio === leader || audio.seeking || over(audio, time_s)) continue;
      if (audio.paused) audio.play().catch(() => {});
      const ahead_s = audio.currentTime - time_s;
      const most = audio.hasAttribute("data-heard") ? MOST_HEARD : MOST_UNHEARD;
      if (Math.abs(ahead_s) > LOST_S) audio.currentTime = time_s;
      else if (Math.abs(ahead_s) < CLOSE_S) audio.playbackRate = 1;
      else audio.playbackRate = 1 - Math.max(-most, Math.min(most, ahead_s * 2));
    }
  }

  ended() {
    if (this.playing && this.of(this.heard).every((audio) => audio.ended)) {
      this.resting_s = this.length_s;
      this.pause();
    }
  }
}
