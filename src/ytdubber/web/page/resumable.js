/** Large files on their way by TUS 1.0: a cut connection goes on by itself. */

import { ApiError, backOff, here, pause } from "./api_client.js";

/**
 * @typedef {object} UploadTarget what the API says of an upload
 * @property {string} url where it is created
 * @property {Record<string, string>} headers what goes with every request
 * @property {Record<string, string>} metadata what its creation says of it
 * @property {number} chunk_bytes how much a request should bring
 */
/**
 * @typedef {object} Told
 * @property {(part: number) => void} progressed told the part that is sent, 0 to 1
 * @property {() => void} cut told that the connection is lost; what comes next is progress
 * @property {(url: string) => void} begun told where the upload goes on
 */

const VERSION = { "Tus-Resumable": "1.0.0" };
/** Refusals that do not last: an old connection still holds the upload, or the service is away. */
const PASSING = new Set([0, 408, 409, 423, 429, 500, 502, 503, 504]);
const LASTING = new Set(["already_uploaded", "too_many_uploads"]);
/** What a HEAD cannot say, since its answers have no words. */
const GONE = JSON.stringify({
  error: "upload_closed",
  message:
    "The upload took longer than its link lasts, or its job was removed. Start the dub again.",
});
/** A connection on which nothing moves for so long is taken to be dead. */
const DEAD_MS = 30_000;
/** A large file is looked at as a whole when its last bytes are there. */
const CHECKED_MS = 60_000;

/**
 * Send a file, from where it stands if it was begun before. It ends when all is there, when the
 * service refuses it, or when the signal says so; then what came of it is removed.
 *
 * @param {UploadTarget} target
 * @param {File} file
 * @param {string} type
 * @param {string | null} url where it was begun before
 * @param {AbortSignal} signal
 * @param {Told} told
 */
export async function sendInPieces(target, file, type, url, signal, told) {
  const headers = { ...VERSION, ...target.headers };
  let tries = 0;
  /** @param {number} sent */
  const moved = (sent) => {
    tries = 0;
    told.progressed(sent / file.size);
  };
  for (;;) {
    try {
      if (!url) told.begun((url = await create(target, file, type, headers, signal)));
      let at = await standsAt(url, headers, signal);
      moved(at);
      while (at < file.size) at = await sendFrom(url, at, target, file, headers, signal, moved);
      return;
    } catch (failure) {
      if (signal.aborted) {
        if (url) giveUp(url, headers);
        throw signal.reason;
      }
      if (!(failure instanceof ApiError) || !passes(failure)) throw failure;
      told.cut();
      await pause(backOff(tries++), signal).catch(() => {}); // the next round sees the signal
    }
  }
}

/** @param {ApiError} failure */
const passes = (failure) => PASSING.has(failure.status) && !LASTING.has(failure.code);

/**
 * @param {UploadTarget} target
 * @param {File} file
 * @param {string} type
 * @param {Record<string, string>} headers
 * @param {AbortSignal} signal
 * @returns {Promise<string>} where the upload goes on
 */
async function create(target, file, type, headers, signal) {
  const metadata = Object.entries({ contentType: type, ...target.metadata });
  const said = {
    "Upload-Length": String(file.size),
    "Upload-Metadata": metadata.map(([name, value]) => `${name} ${base64(value)}`).join(","),
  };
  const answer = await asked("POST", here(target.url), { ...headers, ...said }, signal);
  return new URL(answer.header("Location"), new URL(target.url, location.href)).href;
}

/**
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {AbortSignal} signal
 */
async function standsAt(url, headers, signal) {
  const answer = await asked("HEAD", here(url), headers, signal);
  return Number(answer.header("Upload-Offset"));
}

/**
 * Send one piece; returns where the upload stands then.
 *
 * @param {string} url
 * @param {number} at
 * @param {UploadTarget} target
 * @param {File} file
 * @param {Record<string, string>} headers
 * @param {AbortSignal} signal
 * @param {(sent: number) => void} moved
 */
async function sendFrom(url, at, target, file, headers, signal, moved) {
  const piece = file.slice(at, at + target.chunk_bytes);
  const said = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(at) };
  const given = { ...headers, ...said };
  const answer = await asked("PATCH", here(url), given, signal, piece, (sent) => moved(at + sent));
  const stands = Number(answer.header("Upload-Offset"));
  moved(stands);
  return stands;
}

/** @param {string} url @param {Record<string, string>} headers */
function giveUp(url, headers) {
  fetch(here(url), { method: "DELETE", headers, keepalive: true }).catch(() => {});
}

/**
 * A request, and its good answer. Only XMLHttpRequest tells how far an upload is.
 *
 * @param {string} method
 * @param {string} path
 * @param {Record<string, string>} headers
 * @param {AbortSignal} signal
 * @param {Blob} [body]
 * @param {(sent: number) => void} [sent]
 * @returns {Promise<{header: (name: string) => string}>}
 */
function asked(method, path, headers, signal, body, sent = () => {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, path);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    let timer = 0;
    /** @param {number} [within_ms] */
    const alive = (within_ms = DEAD_MS) => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), within_ms);
    };
    const stop = () => request.abort();
    request.upload.onprogress = (event) => {
      alive();
      sent(event.loaded);
    };
    request.upload.onload = () => alive(CHECKED_MS);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        resolve({ header: (name) => request.getResponseHeader(name) ?? "" });
      } else {
        const gone = method === "HEAD" && [404, 410].includes(request.status);
        reject(new ApiError(request.status, gone ? GONE : request.responseText));
      }
    };
    request.onerror = () => reject(new ApiError(0, ""));
    request.onabort = () => reject(new ApiError(0, ""));
    request.onloadend = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    };
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) reject(signal.reason);
    else {
      alive();
      request.send(body);
    }
  });
}

/** @param {string} text */
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
