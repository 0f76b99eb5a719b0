/**
 * Who is signed in: a token that this browser keeps until it ends; on a page that says so, only
 * this tab does, until it is closed.
 */

const TAB = document.documentElement.dataset.session === "tab";
const KEY = TAB ? "ytdubber.admin_token" : "ytdubber.access_token";
const kept = TAB ? sessionStorage : localStorage;

/** @returns {string | null} */
export const token = () => kept.getItem(KEY);

/** @param {string} value */
export const keep = (value) => kept.setItem(KEY, value);

export const forget = () => kept.removeItem(KEY);

/**
 * The code of a launch link. It leaves the address at once: no history, no bookmark and no glance
 * over a shoulder shall find it there.
 *
 * @returns {string | null}
 */
export function takeCode() {
  const address = new URL(location.href);
  const code = address.searchParams.get("code");
  if (code === null) return null;
  address.searchParams.delete("code");
  history.replaceState(null, "", address.pathname + address.search + address.hash);
  return code;
}
