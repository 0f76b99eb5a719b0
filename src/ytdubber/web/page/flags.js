/** Flags of languages, where this machine has a font that draws them. */

/** @type {boolean | null} */
let drawn = null;

/**
 * The flag, or nothing where it would come out as two letters or two boxes.
 *
 * @param {string} flag an emoji of two regional letters
 */
export function flagOf(flag) {
  drawn ??= areDrawn();
  return drawn ? flag : "";
}

/** Two regional letters become one drawing, about as wide as one of them. */
function areDrawn() {
  const context = document.createElement("canvas").getContext("2d");
  return context !== null && context.measureText("🇧🇷").width < 1.5 * context.measureText("🇧").width;
}
