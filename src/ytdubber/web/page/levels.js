/** How loud a recording is from moment to moment, to be drawn. */

/** Levels a second. */
export const LEVELS_A_SECOND = 100;

const RATE_HZ = 8_000;
/** Longer recordings would take too much of a browser's memory to look at. */
const LONGEST_S = 1_800;

/** @type {WeakMap<Blob, Promise<Float32Array | null>>} */
const known = new WeakMap();

/**
 * The levels of a recording, 0 to 1; null where the browser cannot read it or it is too long.
 *
 * @param {Blob} blob
 * @param {number} length_s
 * @returns {Promise<Float32Array | null>}
 */
export function levelsOf(blob, length_s) {
  if (!(length_s <= LONGEST_S)) return Promise.resolve(null);
  const found = known.get(blob) ?? decoded(blob);
  known.set(blob, found);
  return found;
}

/** @param {Blob} blob */
async function decoded(blob) {
  try {
    const context = new OfflineAudioContext(1, 1, RATE_HZ);
    return measured(await context.decodeAudioData(await blob.arrayBuffer()));
  } catch {
    return null;
  }
}

/**
 * The power of each moment, not its highest sample: that is what the ear takes for loudness, and a
 * limited recording still shows its syllables.
 *
 * @param {AudioBuffer} sound
 */
function measured(sound) {
  const step = RATE_HZ / LEVELS_A_SECOND;
  const levels = new Float32Array(Math.ceil(sound.length / step));
  for (let channel = 0; channel < sound.numberOfChannels; channel += 1) {
    const samples = sound.getChannelData(channel);
    for (let at = 0; at < samples.length; at += 1) {
      levels[Math.floor(at / step)] += samples[at] * samples[at];
    }
  }
  let highest = 1e-6;
  for (const level of levels) highest = Math.max(highest, level);
  return levels.map((level) => (level / highest) ** 0.38); // quiet syllables can be seen, too
}
