/** What waits and runs, who works, who is asked, and what it costs. */

import { ago_s, moment, short, time, vendorName, work } from "./admin_status.js";
import { card, none, table, unknown } from "./admin_table.js";
import { el } from "./dom.js";
import { bytes, span } from "./format.js";

/** @typedef {import("./admin_status.js").Status} Status */
/** @typedef {import("./admin_status.js").Service} Service */
/** @typedef {import("./dom.js").Child} Child */

/** The places after which nothing of a cent is left. @param {string} usd */
const dollars = (usd) => `$${Number(usd).toFixed(2)}`;

/**
 * A part that shows something of what the database knows.
 *
 * @param {string} title
 * @param {(service: Service, status: Status) => Child[]} made
 */
function part(title, made) {
  const shown = card(title);
  return {
    node: shown.node,
    /** @param {Status} status */
    show: (status) =>
      shown.fill(...(status.service ? made(status.service, status) : [unknown()])),
  };
}

export const queues = () =>
  part("Queues", (service) => {
    const headings = ["Queue", "Waiting#", "Oldest#", "In hand#", "Done a minute#"];
    headings.push("Workers#", "Threads#", "Users#");
    const rows = Object.entries(service.queues).map(([name, queue]) => [
      name,
      `${queue.waiting}`,
      queue.oldest_s === null ? "–" : span(queue.oldest_s),
      `${queue.in_hand}`,
      queue.done_a_minute.toFixed(1),
      `${queue.workers}`,
      `${queue.threads}`,
      queue.users ? `${queue.users} (one has ${Math.round(100 * queue.largest_share)} %)` : "0",
    ]);
    const under = Object.entries(service.languages).map(([stage, count]) => `${count} ${stage}`);
    const said = under.length ? `Languages under way: ${under.join(", ")}.` : "";
    return [table("Queues", headings, rows), said && none(said)];
  });

export const workers = () =>
  part("Workers", (service, status) => {
    if (!service.workers.length) return [none("No worker was heard of within the hour.")];
    const rows = service.workers.map((worker) => [
      worker.id ? el("code", { title: worker.id }, short(worker.id)) : "unknown",
      el(
        "span",
        { class: `pill ${worker.lives ? "good" : "warn"}` },
        worker.heard_at ? `${span(ago_s(worker.heard_at, status))} ago` : "not heard of",
        worker.lives ? null : ", lost",
      ),
      Object.entries(worker.threads)
        .map(([lane, count]) => `${lane} ${count}`)
        .join(", "),
      worker.in_hand.length
        ? el(
            "ul",
            {},
            worker.in_hand.map((piece) =>
              el(
                "li",
                {},
                `${work(piece)}, ${span(ago_s(piece.since, status))} `,
                el("code", { title: `job ${piece.job_id}` }, short(piece.job_id)),
              ),
            ),
          )
        : "nothing",
    ]);
    return [table("Workers", ["Worker", "Heard of", "Threads", "Works on"], rows)];
  });

export const waiting = () =>
  part("Waiting, the longest first", (service, status) => {
    if (!service.waiting.length) return [none("Nothing waits.")];
    const rows = service.waiting.slice(0, 15).map((piece) => [
      work(piece),
      el("code", { title: piece.job_id }, short(piece.job_id)),
      el("code", { title: piece.user_id }, short(piece.user_id)),
      piece.lane,
      span(ago_s(piece.since, status)),
      waitsFor(piece),
    ]);
    const headings = ["Work", "Job", "User", "Queue", "For#", "Waits for"];
    const more = service.waiting.length - rows.length;
    return [table("Waiting", headings, rows), more > 0 && none(`And ${more} more.`)];
  });

/** @param {import("./admin_status.js").Piece} piece */
function waitsFor({ again_at, waits_for }) {
  if (!again_at) return "a worker";
  return `${waits_for ? vendorName(waits_for) : "its next try"}, until ${time(again_at)}`;
}

export const vendors = () =>
  part("Vendors, the last ten minutes", (service, status) => {
    const met = new Map(service.vendors.map((vendor) => [vendor.name, vendor]));
    const names = [...new Set([...status.vendors_set_up, ...met.keys()])].sort();
    if (!names.length) return [none("None is set up: this machine's engines do everything.")];
    const rows = names.map((name) => {
      const vendor = met.get(name);
      if (!vendor) return [vendorName(name), "0", "0", "0", pill("not asked", "")];
      const figures = [vendor.calls, vendor.failed, vendor.waiting].map(String);
      return [vendorName(name), ...figures, how(vendor)];
    });
    const headings = ["Vendor", "Calls#", "Failed#", "Languages that wait#", "How it is"];
    return [table("Vendors", headings, rows)];
  });

/** @param {string} text @param {string} kind */
const pill = (text, kind) => el("span", { class: `pill ${kind}` }, text);

/** @param {import("./admin_status.js").Vendor} vendor */
function how(vendor) {
  if (vendor.since && vendor.again_at) {
    return pill(`away since ${time(vendor.since)}, again at ${time(vendor.again_at)}`, "bad");
  }
  return vendor.fault ? pill(`last fault: ${vendor.fault}`, "warn") : pill("answers", "good");
}

export const money = () =>
  part("Money today", (service) => {
    const { spent_today_usd, total_today_usd, budgets_usd, day_left_usd } = service.money;
    const day = budgets_usd.day;
    const bar =
      day !== undefined &&
      el("progress", {
        max: Number(day) || 1,
        value: Math.min(Number(total_today_usd), Number(day) || 1),
        "aria-label": "Spent of the day's budget",
      });
    const of = day === undefined ? " No budget is set for the day." : ` of ${dollars(day)}.`;
    const left = day_left_usd === null ? "" : ` ${dollars(day_left_usd)} are left.`;
    const rows = Object.entries(spent_today_usd).map(([name, usd]) => [
      vendorName(name),
      dollars(usd),
    ]);
    const others = [
      ["a job", budgets_usd.job],
      ["a user's month", budgets_usd.user_month],
    ].flatMap(([name, usd]) => (usd === undefined ? [] : [`${name}: ${dollars(usd)}`]));
    return [
      el("p", {}, el("strong", {}, dollars(total_today_usd)), `${of}${left}`),
      bar,
      rows.length > 0 && table("By vendor", ["Vendor", "Spent#"], rows),
      others.length > 0 && none(`Budgets: ${others.join(", ")}.`),
      none("Since midnight UTC, with what calls under way may cost."),
    ];
  });

export const ended = () =>
  part("Languages that ended within the hour", (service) => {
    if (!service.ended.length) return [none("None.")];
    const rows = service.ended.map((each) => [
      each.code ? `${each.stage}: ${each.code}` : each.stage,
      `${each.hour}`,
      time(each.last_at),
    ]);
    return [table("Ended", ["How", "Languages#", "The last at"], rows)];
  });

/** Storage, database and disks. */
export const machine = () =>
  part("Storage, database and disks", (service, status) => {
    const { bytes: stored, retention_lag_s } = service.storage;
    const late = Object.entries(retention_lag_s).filter(([, lag_s]) => lag_s > 0);
    const lines = [
      ...Object.entries(stored).map(([kind, count]) => [kind, bytes(count)]),
      [
        "Kept too long",
        late.length ? late.map(([why, lag_s]) => `${why}: ${span(lag_s)}`).join(", ") : "nothing",
      ],
      ["Connections", `${service.connections} of ${service.connections_limit}`],
      ["Messages to others that wait", `${service.outbox_waiting}`],
      ...Object.entries(status.disks).map(([name, disk]) => [
        `Disk of ${name}`,
        `${bytes(disk.free)} free of ${bytes(disk.size)}`,
      ]),
      ...status.parts.map((each) => [
        each.name,
        each.fault === null ? "works" : `does not, since ${each.since && moment(each.since)}`,
      ]),
    ];
    return [
      el(
        "dl",
        {},
        lines.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
      ),
      none("Disks are those of the machine that answers."),
    ];
  });
