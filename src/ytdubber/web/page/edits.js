/** Lines of a dub that a person changes: read from the service, changed with undo, made anew. */

import { ApiError, ask } from "./api_client.js";

/**
 * @typedef {object} Edit how a line is to be; each field has a value that changes nothing
 * @property {string | null} text
 * @property {string | null} voice
 * @property {number} shift_ms
 * @property {number} gain_db
 * @property {number} speed
 * @property {string | null} source what was said, where it was misheard
 * @property {boolean} removed whether it is not said
 * @property {boolean} keep_original whether the original is heard there as it is
 * @property {number | null} start_ms of its original, where that is not as it was heard
 * @property {number | null} end_ms
 * @property {Record<string, string>} spoken_as what its voice says for terms of it
 */
/**
 * @typedef {object} Step that can be undone
 * @property {Changes} before
 * @property {Changes} after
 * @property {(side: "before" | "after") => void} [kept] undoes what else came with it
 */
/** @typedef {Record<string, Partial<Edit>>} Changes by line */

/** So many lines are changed by one request. */
const AT_ONCE = 500;
const STALE = "These lines were changed in another window. Here they are as they are now.";

/** The lines of one language of a job. */
export class Edits {
  /**
   * @param {string} job
   * @param {string} language
   * @param {() => void} changed told when something of them is otherwise
   */
  constructor(job, language, changed) {
    this.job = job;
    this.language = language;
    this.path = `/api/jobs/${job}/languages/${language}`;
    this.changed = changed;
    /** As the service tells of them. @type {any} */
    this.known = { lines: [], version: 0, revision: 1, rendering: null, editable: false };
    this.known.spoken_as = {};
    /** @type {Map<string, any>} */
    this.byId = new Map();
    /** @type {Step[]} */
    this.done = [];
    /** @type {Step[]} */
    this.undone = [];
  }

  /** @param {AbortSignal} [signal] */
  async load(signal) {
    this.take(await (await ask("GET", `${this.path}/lines`, { signal })).json());
  }

  /** @param {string} id @returns {any} the line as the service tells of it */
  of(id) {
    return this.byId.get(id);
  }

  /** How many lines are to be otherwise than in the dub. */
  get waiting() {
    return this.known.edited;
  }

  /**
   * Have lines be otherwise, in one step that can be undone.
   *
   * @param {Changes} changes
   * @param {Step["kept"]} [kept] undoes what was done besides, and does it again
   */
  async change(changes, kept) {
    const [before, after] = [/** @type {Changes} */ ({}), /** @type {Changes} */ ({})];
    for (const [id, edit] of Object.entries(changes)) {
      const now = this.of(id).edit;
      const fields = Object.keys(edit).filter((name) => !same(edit[name], now[name]));
      if (!fields.length) continue;
      before[id] = Object.fromEntries(fields.map((name) => [name, now[name]]));
      after[id] = Object.fromEntries(fields.map((name) => [name, edit[name]]));
    }
    if (!Object.keys(after).length && !kept) return;
    await this.send(after);
    this.step(before, after, kept);
  }

  /**
   * Cut lines otherwise than they were heard, in one step that can be undone.
   *
   * @param {string} path after that of the lines
   * @param {object} [body]
   */
  async cut(path, body) {
    const was = this.byId;
    const asked = () => ask("POST", `${this.path}/lines${path}`, { body, headers: this.seen() });
    this.take(await (await this.guarded(asked)).json());
    const [before, after] = [/** @type {Changes} */ ({}), /** @type {Changes} */ ({})];
    for (const { id, edit } of this.known.lines) {
      const then = was.get(id)?.edit ?? { ...edit, removed: true };
      const fields = Object.keys(edit).filter((name) => !same(edit[name], then[name]));
      if (!fields.length) continue;
      before[id] = Object.fromEntries(fields.map((name) => [name, then[name]]));
      after[id] = Object.fromEntries(fields.map((name) => [name, edit[name]]));
    }
    this.step(before, after);
  }

  /** @param {Changes} before @param {Changes} after @param {Step["kept"]} [kept] */
  step(before, after, kept) {
    this.done.push({ before, after, kept });
    this.undone = [];
    this.changed();
  }

  async undo() {
    await this.again(this.done, this.undone, "before");
  }

  async redo() {
    await this.again(this.undone, this.done, "after");
  }

  /**
   * @param {Step[]} from
   * @param {Step[]} to
   * @param {"before" | "after"} side
   */
  async again(from, to, side) {
    const step = from.at(-1);
    if (!step) return;
    await this.send(step[side]);
    step.kept?.(side);
    from.pop();
    to.push(step);
    this.changed();
  }

  /** Make a new version of the dub. @returns {Promise<any>} the job */
  async render() {
    return this.begun("POST", `${this.path}/render`);
  }

  /** Show an earlier one again. @param {number} number @returns {Promise<any>} the job */
  async restore(number) {
    return this.begun("POST", `${this.path}/revisions/${number}/restore`);
  }

  /** @returns {Promise<any[]>} every version there is */
  async revisions() {
    return (await ask("GET", `${this.path}/revisions`)).json();
  }

  /** @param {string} method @param {string} path */
  async begun(method, path) {
    const answer = await this.guarded(() => ask(method, path, { headers: this.seen() }));
    return answer.json();
  }

  /** @param {Changes} lines */
  async send(lines) {
    const ids = Object.keys(lines);
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const some = Object.fromEntries(ids.slice(at, at + AT_ONCE).map((id) => [id, lines[id]]));
      const patch = () =>
        ask("PATCH", `${this.path}/lines`, { body: { lines: some }, headers: this.seen() });
      this.take(await (await this.guarded(patch)).json());
    }
  }

  /** What the person has seen, so that nothing else is overwritten. */
  seen() {
    return { "If-Match": `"${this.known.version}"` };
  }

  /**
   * Where the lines were changed elsewhere, say so and show them.
   *
   * @param {() => Promise<Response>} work
   */
  async guarded(work) {
    try {
      return await work();
    } catch (failure) {
      if (failure instanceof ApiError && failure.code === "lines_changed") {
        await this.load();
        this.done = [];
        this.undone = [];
        this.changed();
        failure.message = STALE;
      }
      throw failure;
    }
  }

  /** @param {any} known */
  take(known) {
    this.known = known;
    this.byId = new Map(known.lines.map((line) => [line.id, line]));
  }
}

/** Whether two values of a field are one. @param {any} one @param {any} other */
const same = (one, other) => one === other || JSON.stringify(one) === JSON.stringify(other);

/**
 * What is typed and not saved, so that a page that is loaded again still has it: for as long as
 * the tab is there.
 *
 * @param {string} job
 * @param {string} language
 * @param {string} line
 */
export function draft(job, language, line) {
  const key = `ytdubber.draft.${job}.${language}.${line}`;
  return {
    text: sessionStorage.getItem(key),
    /** @param {string} text */
    keep: (text) => sessionStorage.setItem(key, text),
    forget: () => sessionStorage.removeItem(key),
  };
}
