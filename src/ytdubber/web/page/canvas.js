/** Strokes on a canvas. */

const BAR = 2;
const GAP = 1;

/**
 * A recording by itself, in the colour of the canvas.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} levels
 */
export function drawBars(canvas, levels) {
  const [context, width, height] = fitted(canvas);
  bars(context, levels, getComputedStyle(canvas).color, [0, levels.length], [0, height, width]);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} levels
 * @param {string} colour
 * @param {[number, number]} range of the levels
 * @param {[number, number, number]} place top, height, width
 */
export function bars(context, levels, colour, [from, to], [top, height, width]) {
  context.fillStyle = colour;
  context.beginPath();
  for (let x = 0; x + BAR <= width; x += BAR + GAP) {
    const first = Math.floor(from + (x / width) * (to - from));
    const last = Math.ceil(from + ((x + BAR + GAP) / width) * (to - from));
    let level = 0;
    for (let at = first; at < last && at < levels.length; at += 1)
      level = Math.max(level, levels[at]);
    const tall = Math.max(1.5, level * (height - 8));
    context.roundRect(x, top + (height - tall) / 2, BAR, tall, 1);
  }
  context.fill();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {number} from
 * @param {number} to
 * @param {number} top
 * @param {number} height
 */
export function band(context, colour, from, to, top, height) {
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(from, top, Math.max(2, to - from), height, 5);
  context.fill();
}

/**
 * Where the line begins in both: when the dub keeps its onset, this is one straight stroke.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Record<string, string>} c
 * @param {number} from
 * @param {number} begins
 * @param {number[]} lanes
 * @param {number} lane
 */
export function onset(context, c, from, begins, lanes, lane) {
  context.strokeStyle = c.dub;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(from + 1, lanes[0]);
  context.lineTo(from + 1, lanes[0] + lane);
  context.lineTo(begins + 1, lanes[1]);
  context.lineTo(begins + 1, lanes[1] + lane);
  context.stroke();
}

/**
 * A clean canvas as fine as the screen.
 *
 * @param {HTMLCanvasElement} canvas
 * @returns {[CanvasRenderingContext2D, number, number]} context, width, height in CSS pixels
 */
export function fitted(canvas) {
  const [width, height, fine] = [canvas.clientWidth, canvas.clientHeight, devicePixelRatio || 1];
  const [wide, high] = [Math.round(width * fine), Math.round(height * fine)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(fine, 0, 0, fine, 0, 0);
  context.clearRect(0, 0, width, height);
  return [context, width, height];
}

/** The colours of the theme. @param {HTMLElement} node */
export function colours(node) {
  const style = getComputedStyle(node);
  const names = [
    "ink",
    "quiet",
    "room",
    "original",
    "original-far",
    "original-band",
    "original-now",
    "dub",
    "dub-far",
    "dub-band",
    "dub-now",
    "review",
    "review-now",
  ];
  const camel = (/** @type {string} */ name) =>
    name.replace(/-(.)/, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(
    names.map((name) => [camel(name), style.getPropertyValue(`--wave-${name}`).trim()]),
  );
}
