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
   * @param {{source_language?: string, voice_tier?: string}} wishes
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
