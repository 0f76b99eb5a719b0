/** Files on their way to the service. Only XMLHttpRequest tells how far an upload is. */

import { ApiError, here } from "./api_client.js";

const BROKEN = JSON.stringify({
  error: "upload_broken",
  message:
    "The upload broke off. Check that the program still runs and the file is still there, then " +
    "start the dub again.",
});

/**
 * Put a file to its link.
 *
 * @param {string} link
 * @param {File} file
 * @param {string} type
 * @param {(part: number) => void} progressed told the part that is sent, 0 to 1
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function put(link, file, type, progressed, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", here(link));
    request.setRequestHeader("Content-Type", type);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progressed(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        progressed(1);
        resolve();
      } else reject(new ApiError(request.status, request.responseText));
    };
    request.onerror = () => reject(new ApiError(0, BROKEN));
    request.onabort = () => reject(new DOMException("The upload was stopped.", "AbortError"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    if (signal.aborted) reject(signal.reason);
    else request.send(file);
  });
}
