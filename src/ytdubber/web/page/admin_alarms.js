/** Who is away, and what needs a person. */

import { time, vendorName } from "./admin_status.js";
import { card, fill } from "./admin_table.js";
import { el } from "./dom.js";
import { counted } from "./format.js";

/** @typedef {import("./admin_status.js").Status} Status */

/** A banner while a vendor, the storage, the queue or the database is away. */
export function away() {
  const node = el("div", { class: "away", role: "status" });
  return {
    node,
    /** @param {Status} status */
    show: (status) => {
      const parts = status.parts
        .filter((part) => part.fault !== null)
        .map((part) => said(`${part.fault} Since ${part.since && time(part.since)}.`, "bad"));
      const vendors = (status.service?.vendors ?? [])
        .filter((vendor) => vendor.waiting > 0)
        .map((vendor) => said(waitedFor(vendor), "warn"));
      fill(node, ...parts, ...vendors);
    },
  };
}

/** @param {import("./admin_status.js").Vendor} vendor */
function waitedFor(vendor) {
  const since = vendor.since ? ` since ${time(vendor.since)}` : "";
  const again = vendor.again_at ? `, and it is tried again at ${time(vendor.again_at)}` : "";
  const wait = vendor.waiting === 1 ? "waits" : "wait";
  const waiting = `${counted(vendor.waiting, "language")} ${wait}`;
  return `${vendorName(vendor.name)} is away${since}; ${waiting}${again}.`;
}

/** @param {string} text @param {string} kind */
const said = (text, kind) => el("p", { class: `note ${kind}` }, text);

/** What needs a person, with what to do. */
export function needs() {
  const part = card("Needs a person");
  return {
    node: part.node,
    /** @param {Status} status */
    show: ({ conditions }) => {
      part.node.classList.toggle("good", conditions.length === 0);
      part.heading.textContent = conditions.length
        ? `Needs a person: ${conditions.length}`
        : "Nothing needs a person";
      const rows = conditions.map((each) =>
        el(
          "li",
          { class: `note ${each.severity === "critical" ? "bad" : "warn"}` },
          el("strong", {}, each.severity === "critical" ? "Critical: " : "Warning: "),
          each.sentence,
          " ",
          el("code", {}, `docs/runbooks/${each.runbook}.md`),
        ),
      );
      part.fill(rows.length > 0 && el("ul", {}, rows));
    },
  };
}
