/** Who is signed in: a token that this browser keeps until it ends. */

const KEY = "ytdubber.access_token";

/** @returns {string | null} */
export const token = () => localStorage.getItem(KEY);

/** @param {string} value */
export const keep = (value) => localStorage.setItem(KEY, value);

export const forget = () => localStorage.removeItem(KEY);

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
