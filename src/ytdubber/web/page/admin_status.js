/**
 * What the API tells of the service.
 *
 * @typedef {{name: string, about: string, severity: "warning" | "critical", sentence: string,
 *   runbook: string}} Condition
 * @typedef {{name: string, fault: string | null, since: string | null}} Part
 * @typedef {{waiting: number, oldest_s: number | null, in_hand: number, workers: number,
 *   threads: number, done_a_minute: number, users: number, largest_share: number}} Queue
 * @typedef {{job_id: string, user_id: string, language: string | null, lane: string,
 *   stage: string, progress: number, retries: number, since: string, again_at: string | null,
 *   waits_for: string | null}} Piece
 * @typedef {{id: string | null, lives: boolean, heard_at: string | null,
 *   threads: Record<string, number>, in_hand: Piece[]}} Worker
 * @typedef {{name: string, waiting: number, since: string | null, again_at: string | null,
 *   calls: number, failed: number, fault: string | null}} Vendor
 * @typedef {{stage: string, code: string | null, hour: number, half_hour: number,
 *   last_at: string}} Ended
 * @typedef {{id: string, job_id: string, user_id: string, language: string | null,
 *   failed_at: string, attempts: number, error: string | null, code: string | null,
 *   vendor: string | null, fault: string | null}} Letter
 * @typedef {{spent_today_usd: Record<string, string>, total_today_usd: string,
 *   budgets_usd: Record<string, string>, day_left_usd: string | null}} Money
 * @typedef {{queues: Record<string, Queue>, languages: Record<string, number>,
 *   workers: Worker[], waiting: Piece[], vendors: Vendor[], ended: Ended[],
 *   dead_letters: {count: number, newest: Letter[]}, money: Money,
 *   storage: {bytes: Record<string, number>, retention_lag_s: Record<string, number>},
 *   outbox_waiting: number, connections: number, connections_limit: number}} Service
 * @typedef {{at: string, version: string, conditions: Condition[], parts: Part[],
 *   disks: Record<string, {free: number, size: number}>, vendors_set_up: string[],
 *   vendor_names: Record<string, string>, service: Service | null}} Status
 */

/** @type {Record<string, string>} */
let names = {};

/** Learn how people call the vendors. @param {Status} status */
export function learnNames(status) {
  names = { ...status.vendor_names, storage: "The storage" };
}

/** How people call a vendor, or the storage. @param {string} name */
export const vendorName = (name) => names[name] ?? name;

/** The time of day, in UTC. @param {string} at */
export const time = (at) => `${new Date(at).toISOString().slice(11, 19)} UTC`;

/** The day, too. @param {string} at */
export const moment = (at) => `${new Date(at).toISOString().slice(0, 10)} ${time(at)}`;

/** How many seconds before the status something was. @param {string} at @param {Status} status */
export const ago_s = (at, status) => (Date.parse(status.at) - Date.parse(at)) / 1000;

/** An id as it is told apart at a glance. @param {string} id */
export const short = (id) => id.slice(0, 8);

/** What a piece of work is. @param {Piece} piece */
export function work(piece) {
  const what = piece.language ? `${piece.language} ${piece.stage}` : "hearing";
  return piece.progress ? `${what} ${Math.round(100 * piece.progress)} %` : what;
}
