/** What a dub will cost, said before it is begun, where it costs anything. */

import { ask, pause } from "./api_client.js";
import { el, note } from "./dom.js";

/** So long nothing has changed before it is asked. */
const CALM_S = 0.4;

export function priceTag() {
  const node = el("span", { class: "hint price", role: "status", hidden: true });
  let asking = new AbortController();
  let known = "";

  /**
   * Ask for another quote, where it is another dub.
   *
   * @param {number} seconds how long the recording is; NaN while it is not known
   * @param {string[]} languages codes
   * @param {{source_language?: string, voice_tier?: string}} jobOptions
   */
  const update = async (seconds, languages, { source_language, voice_tier }) => {
    const body = { seconds, languages, source_language, voice_tier };
    const now = JSON.stringify(body);
    if (now === known) return;
    known = now;
    asking.abort();
    asking = new AbortController();
    note(node, "");
    if (!(seconds > 0) || !languages.length) return;
    const { signal } = asking;
    try {
      await pause(CALM_S, signal);
      const answer = await ask("POST", "/api/jobs/quote", { body, signal });
      const text = words(await answer.json());
      if (!signal.aborted) note(node, text);
    } catch {
      // What is refused here is refused, and told, when the dub is begun.
    }
  };
  return { node, update };
}

/** What was found to be free, and is not asked again. @type {Set<string>} */
const free = new Set();

/**
 * @typedef {object} Asked
 * @property {string} path
 * @property {object} [body]
 * @property {number} [version] of the lines it is about
 * @property {string} [kind] what is as free as all of its kind
 */

/**
 * What vendors will charge for lines that are spoken anew, where they charge for it.
 *
 * @param {string} begins
 * @param {() => Asked | null} what is asked; null where there is nothing
 */
export function speakingPrice(begins, what) {
  const node = el("span", { class: "hint price", role: "status", hidden: true });
  let asking = new AbortController();
  let known = "";

  const update = async () => {
    const asked = what();
    const now = JSON.stringify(asked);
    if (now === known) return;
    known = now;
    asking.abort();
    asking = new AbortController();
    note(node, "");
    if (!asked || (asked.kind && free.has(asked.kind))) return;
    const { signal } = asking;
    try {
      await pause(CALM_S, signal);
      const { path, body, kind } = asked;
      const answer = await ask(body ? "POST" : "GET", path, { body, signal });
      const { spoken, total, unpriced } = await answer.json();
      if (kind && spoken && !total.high_usd && !unpriced.length) free.add(kind);
      const most = total.high_usd > 0 && `vendors charge up to ${usd(total.high_usd)}`;
      const more = unpriced.length > 0 && "vendors charge at a price that is not known here";
      const said = [most, more].filter(Boolean).join("; ");
      if (!signal.aborted) note(node, said && `${begins}: ${said}.`);
    } catch {
      // What is refused here is refused, and told, when it is asked for.
    }
  };
  return { node, update, close: () => asking.abort() };
}

/** @param {any} quote */
function words({ total, credit_cents: cents, unpriced }) {
  const vendors =
    total.high_usd > 0 && `vendors charge ${usd(total.low_usd)} to ${usd(total.high_usd)}`;
  const parts = [
    cents > 0 && `takes ${usd(cents / 100)} of your credit`,
    vendors,
    vendors && unpriced.length > 0 && "some of it has no price known here",
  ];
  const said = parts.filter(Boolean).join("; ");
  return said && `${said[0].toUpperCase()}${said.slice(1)}.`;
}

/** @param {number} amount */
const usd = (amount) => `$${amount.toFixed(2)}`;
