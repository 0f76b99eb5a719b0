/** Keys on the page of a dub, and where they are meant for listening. */

/**
 * @param {HTMLElement} home the part of the page that is about listening
 * @param {AbortSignal} signal
 * @param {(event: KeyboardEvent, engaged: boolean) => void} pressed with whether that part was the
 *   last that was clicked
 */
export function playerKeys(home, signal, pressed) {
  let engaged = false;
  document.addEventListener("keydown", (event) => pressed(event, engaged), { signal });
  document.addEventListener(
    "pointerdown",
    (event) => {
      engaged = event.target instanceof Node && home.contains(event.target);
    },
    { signal },
  );
}
