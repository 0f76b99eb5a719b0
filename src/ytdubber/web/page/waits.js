/** What a dub and its languages wait for, in the words of every place that says so. */

import { span } from "./format.js";

/** Whether nothing more happens to a language. @param {any} language */
export const isOver = ({ stage }) => ["complete", "failed", "cancelled"].includes(stage);

/**
 * What a language waits for; nothing while it is worked on.
 *
 * @param {any} language
 * @param {any} job
 */
export function waits({ stage, inLine, waiting: away }, job) {
  if (job.stage === "awaiting_upload") return "waiting for its upload";
  if (away) return `waiting for ${away.vendor} since ${clock(away.since)}, ${next(away)}`;
  return inLine || stage === "queued" ? turn(job.queue) : "";
}

/**
 * What all that is left of a dub waits for, where that is one thing.
 *
 * @param {any} job
 * @returns {{all: boolean, what: string}} whether all of it waits, and for what
 */
export function rest(job) {
  const left = job.languages.filter((each) => !isOver(each)).map((each) => waits(each, job));
  const all = job.finished_at === null && left.length > 0 && left.every(Boolean);
  return { all, what: all && new Set(left).size === 1 ? left[0] : "" };
}

/** Where a job stands that waits for a worker. @param {any} queue */
function turn(queue) {
  if (queue?.noWorker) return "waiting: no worker for it is running";
  if (!queue?.position) return "waiting for its turn";
  const place = `number ${queue.position} in line`;
  if (!queue.estimatedStart) return place;
  const seconds = (Date.parse(queue.estimatedStart) - Date.now()) / 1000;
  return seconds < 1 ? `${place}, about to start` : `${place}, starts in about ${span(seconds)}`;
}

/** @param {any} away */
function next({ again_at: again }) {
  return new Date(again) > new Date() ? `asked again at ${clock(again)}` : "being asked again now";
}

/** @param {string} at */
function clock(at) {
  return new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
