/** A job as it happens: server-sent events, read by hand because EventSource sends no token. */

import { ApiError, ask, backOff, banner, pause } from "./api_client.js";

/** How long a stream may be silent; the service says something every 15 seconds. */
const SILENT_S = 40;

/**
 * @typedef {object} Listener
 * @property {(job: any) => void} job the whole of it, at every change
 * @property {() => void} gone it was deleted, or never was
 */

/**
 * Follow a job until it has ended, over every break of the connection.
 *
 * @param {string} id
 * @param {Listener} listener
 * @param {AbortSignal} signal
 */
export async function follow(id, listener, signal) {
  let [last, tries, ended] = ["", 0, false];
  /** @param {string} name @param {string} data @param {string} number */
  const heard = (name, data, number) => {
    tries = 0;
    if (number) last = number;
    if (name === "job") listener.job(JSON.parse(data));
    if (name === "deleted") listener.gone();
    ended ||= name === "end" || name === "deleted";
  };
  while (!ended && !signal.aborted) {
    try {
      await once(id, last, heard, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && error.status < 500) {
        if (error.status === 404) listener.gone();
        return;
      }
      banner("The connection broke. Trying again…");
    }
    if (ended) return;
    await pause(backOff(tries), signal).catch(() => {});
    tries += 1;
  }
}

/**
 * One connection, until it ends or falls silent.
 *
 * @param {string} id
 * @param {string} last the newest event that was heard
 * @param {(name: string, data: string, number: string) => void} heard
 * @param {AbortSignal} signal
 */
async function once(id, last, heard, signal) {
  const silence = new AbortController();
  const either = AbortSignal.any([signal, silence.signal]);
  let timer = 0;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENT_S * 1000);
  };
  try {
    alive();
    const headers = { Accept: "text/event-stream", ...(last && { "Last-Event-ID": last }) };
    const answer = await ask("GET", `/api/jobs/${id}/events`, { headers, signal: either });
    const frames = new Frames(heard);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      alive();
      frames.take(piece.value);
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Puts pieces of text together to events, as the HTML standard says. */
class Frames {
  /** @param {(name: string, data: string, number: string) => void} heard */
  constructor(heard) {
    this.heard = heard;
    this.rest = "";
    this.clear();
  }

  /** @param {string} text */
  take(text) {
    const lines = (this.rest + text).split(/\r?\n/);
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.line(line);
  }

  /** @param {string} line */
  line(line) {
    if (line === "") {
      if (this.data.length) this.heard(this.name || "message", this.data.join("\n"), this.number);
      this.clear();
      return;
    }
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === "event") this.name = value;
    if (field === "data") this.data.push(value);
    if (field === "id") this.number = value;
  }

  clear() {
    this.name = "";
    this.number = "";
    /** @type {string[]} */
    this.data = [];
  }
}
