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
  const [pen, width, height] = fitted(canvas);
  bars(pen, levels, getComputedStyle(canvas).color, [0, levels.length], [0, height, width]);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Float32Array} levels
 * @param {string} colour
 * @param {[number, number]} range of the levels
 * @param {[number, number, number]} place top, height, width
 */
export function bars(pen, levels, colour, [from, to], [top, height, width]) {
  pen.fillStyle = colour;
  pen.beginPath();
  for (let x = 0; x + BAR <= width; x += BAR + GAP) {
    const first = Math.floor(from + (x / width) * (to - from));
    const last = Math.ceil(from + ((x + BAR + GAP) / width) * (to - from));
    let level = 0;
    for (let at = first; at < last && at < levels.length; at += 1)
      level = Math.max(level, levels[at]);
    const tall = Math.max(1.5, level * (height - 8));
    pen.roundRect(x, top + (height - tall) / 2, BAR, tall, 1);
  }
  pen.fill();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string} colour
 * @param {number} from
 * @param {number} to
 * @param {number} top
 * @param {number} height
 */
export function band(pen, colour, from, to, top, height) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.roundRect(from, top, Math.max(2, to - from), height, 5);
  pen.fill();
}

/**
 * Where the line begins in both: when the dub keeps its onset, this is one straight stroke.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {Record<string, string>} c
 * @param {number} from
 * @param {number} begins
 * @param {number[]} lanes
 * @param {number} lane
 */
export function onset(pen, c, from, begins, lanes, lane) {
  pen.strokeStyle = c.dub;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo(from + 1, lanes[0]);
  pen.lineTo(from + 1, lanes[0] + lane);
  pen.lineTo(begins + 1, lanes[1]);
  pen.lineTo(begins + 1, lanes[1] + lane);
  pen.stroke();
}

/**
 * A clean canvas as fine as the screen.
 *
 * @param {HTMLCanvasElement} canvas
 * @returns {[CanvasRenderingContext2D, number, number]} pen, width, height in CSS pixels
 */
export function fitted(canvas) {
  const [width, height, fine] = [canvas.clientWidth, canvas.clientHeight, devicePixelRatio || 1];
  const [wide, high] = [Math.round(width * fine), Math.round(height * fine)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.setTransform(fine, 0, 0, fine, 0, 0);
  pen.clearRect(0, 0, width, height);
  return [pen, width, height];
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
