/** The lines of a dub: what was said, what is said now, and when. */

/**
 * @typedef {object} Line
 * @property {string} id of the utterance; empty where there is none
 * @property {string} source
 * @property {string} target
 * @property {number} from_s in the original
 * @property {number} to_s
 * @property {number} room_s where the next line begins, about
 * @property {number} dub_from_s in the dub
 * @property {number} dub_to_s
 * @property {number} rate how much faster than its voice's own pace it is spoken
 * @property {string[]} review why a person should listen to it
 * @property {boolean} lost whether it is no line: somebody speaks and no word was made out
 */

const LOST = "Somebody speaks here and nothing was made out.";
const PAST_END = "Somebody speaks past the end of the recording.";

/**
 * The lines of a `translation.json`, and between them the stretches without one in which somebody
 * speaks, in the order of the recording.
 *
 * @param {any} texts
 * @param {number} length_s of the dub
 * @returns {Line[]}
 */
export function linesOf(texts, length_s) {
  const lines = texts.utterances.map((each) => ({
    id: each.id,
    source: each.source,
    target: each.target,
    from_s: each.source_start_ms / 1000,
    to_s: each.source_end_ms / 1000,
    room_s: (each.source_start_ms + each.slot_ms) / 1000,
    dub_from_s: each.dub_start_ms / 1000,
    dub_to_s: each.dub_end_ms / 1000,
    rate: each.rate,
    review: each.review ?? [],
    lost: false,
  }));
  const lost = (texts.uncovered ?? []).map((each) => lostStretch(each, length_s));
  return [...lines, ...lost].sort((one, two) => one.from_s - two.from_s);
}

/**
 * @param {{start_ms: number, end_ms: number}} stretch
 * @param {number} length_s of the dub
 * @returns {Line}
 */
function lostStretch({ start_ms, end_ms }, length_s) {
  const [from_s, to_s] = [start_ms / 1000, end_ms / 1000];
  const past = end_ms > Math.floor(length_s * 1000);
  return {
    id: "",
    source: "",
    target: past ? PAST_END : LOST,
    from_s,
    to_s,
    room_s: to_s,
    dub_from_s: from_s,
    dub_to_s: to_s,
    rate: 1,
    review: [past ? "past_end" : "uncovered"],
    lost: true,
  };
}

/** A line that the dub does not have yet. @param {any} told by the service @returns {Line} */
export function pendingLine(told) {
  const [from_s, to_s] = [told.source_start_ms / 1000, told.source_end_ms / 1000];
  const { id, source, text } = told;
  const heard = { room_s: to_s, dub_from_s: from_s, dub_to_s: to_s, rate: 1 };
  return { id, source, target: text, from_s, to_s, ...heard, review: [], lost: false };
}

/** Why a line should be listened to, in words. @param {Line} line */
export function reasons({ review, rate }) {
  const words = {
    too_fast: `spoken ${rate.toFixed(2)} times as fast to fit`,
    not_translated: "it could not be translated and is spoken as it was said",
    past_end: "what is said past the end of the recording is not heard",
    uncovered: "nothing is dubbed here",
  };
  return review.map((reason) => words[reason] ?? reason).join("; ");
}

/**
 * Which line is heard; -1 in a pause.
 *
 * @param {Line[]} lines in the order of the recording
 * @param {number} time_s
 * @param {boolean} original
 */
export function lineAt(lines, time_s, original) {
  return lines.findLastIndex((line) => {
    const [from_s, to_s] = original
      ? [line.from_s, line.to_s]
      : [line.dub_from_s, line.dub_to_s];
    return from_s <= time_s + 0.03 && time_s <= to_s + 0.15;
  });
}
