/** Requests to the API: signed, patient when it is away, and with its own words when it refuses. */

import { note } from "./dom.js";
import { forget, token } from "./session.js";

const PAUSES_S = [1, 2, 4, 8, 15];
const LONGEST_WAIT_S = 120;
/** Refusals that waiting a moment does not change, though their status says so. */
const NOT_BY_WAITING = new Set([
  "too_many_jobs",
  "too_many_languages",
  "too_many_minutes",
  "too_many_uploads",
]);

const AWAY = "The program cannot be reached. Trying again…";

/** The origin that takes and gives files, where it is another than the service's. */
const STORAGE = document.querySelector('meta[name="storage"]')?.getAttribute("content");

/** What the API answers when it refuses; `message` is for the person. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} text the body of the answer
   */
  constructor(status, text) {
    let body = {};
    try {
      body = JSON.parse(text);
    } catch {
      // Something between the page and the API answered in its place.
    }
    super(body.message || `The program answered with an error (${status}). Try again.`);
    this.status = status;
    /** @type {string} */
    this.code = body.error || "error";
    /** @type {any} */
    this.details = body.details;
    /** Which stem it is about, where that is known. @type {string} */
    this.track = "";
  }
}

/**
 * The address of a signed link as this page reaches it. A link to the service names it by the first
 * of its names; the page may have been opened under another, and the signature holds for all.
 *
 * @param {string} link
 */
export function here(link) {
  const { href, origin, pathname, search } = new URL(link, location.href);
  return origin === STORAGE ? href : pathname + search;
}

/**
 * Ask the API. What cannot be reached is asked again, with a quiet banner, until it answers or the
 * signal says that nobody wants to know any more. All requests of this page may be repeated.
 *
 * @param {string} method
 * @param {string} path
 * @param {{body?: object, headers?: Record<string, string>, signal?: AbortSignal}} [given]
 * @returns {Promise<Response>} a good answer
 */
export async function ask(method, path, { body, headers = {}, signal } = {}) {
  for (let tries = 0; ; tries += 1) {
    const answer = await sent(method, path, body, headers, signal);
    if (answer?.ok) {
      banner("");
      return answer;
    }
    const error = answer && new ApiError(answer.status, await answer.text());
    const wait_s = waitFor(answer, error, tries);
    if (error?.status === 401 && ours(path)) {
      forget();
      dispatchEvent(new Event("signed-out"));
    }
    if (error && wait_s === null) {
      banner("");
      throw error;
    }
    banner(answer?.status === 429 ? error.message : AWAY);
    await pause(wait_s ?? 1, signal);
  }
}

/** @param {string} text */
export function banner(text) {
  const node = document.getElementById("banner");
  if (node) note(node, text);
}

/**
 * Wait, but no longer than somebody wants to; coming online again ends it early.
 *
 * @param {number} seconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
export function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      signal?.removeEventListener("abort", done);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(done, seconds * 1000);
    addEventListener("online", done);
    signal?.addEventListener("abort", done, { once: true });
    if (signal?.aborted) done();
  });
}

/**
 * How long to wait before asking for the nth time again, with some chance, so that many pages do
 * not come back at once.
 *
 * @param {number} tries
 */
export function backOff(tries) {
  return PAUSES_S[Math.min(tries, PAUSES_S.length - 1)] * (0.8 + 0.4 * Math.random());
}

/**
 * The answer, or null when there was none.
 *
 * @param {string} method
 * @param {string} path
 * @param {object | undefined} body
 * @param {Record<string, string>} headers
 * @param {AbortSignal | undefined} signal
 */
async function sent(method, path, body, headers, signal) {
  const all = { ...headers };
  if (token() && ours(path)) all.Authorization = `Bearer ${token()}`;
  if (body) all["Content-Type"] = "application/json";
  const text = body && JSON.stringify(body);
  try {
    return await fetch(path, { method, headers: all, body: text, signal, cache: "no-store" });
  } catch (error) {
    if (signal?.aborted) throw error;
    return null;
  }
}

/** Whether an address is the service's, which alone is told who asks. @param {string} path */
const ours = (path) => new URL(path, location.href).origin === location.origin;

/**
 * Seconds until it is worth asking again; null when it is not.
 *
 * @param {Response | null} answer
 * @param {ApiError | null} error
 * @param {number} tries
 */
function waitFor(answer, error, tries) {
  if (!answer || !error) return backOff(tries);
  if (NOT_BY_WAITING.has(error.code)) return null;
  if (![429, 502, 503, 504].includes(answer.status)) return null;
  const told_s = Number(answer.headers.get("Retry-After"));
  if (answer.status !== 429 && tries >= 8) return null;
  return told_s > 0 ? Math.min(told_s, LONGEST_WAIT_S) : backOff(tries);
}
