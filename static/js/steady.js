/**
 * Changes the page without moving what somebody is reading or writing. Browsers hold their place only for what
 * stands at the top of the window, and not all of them: a composer lower down would jump away under the fingers.
 */
const isInView = ({ top, bottom }) => bottom > 0 && top < innerHeight;

export function steady(change) {
  const held = anchor();
  const before = held?.getBoundingClientRect().top;
  change();
  if (!held?.getClientRects().length) return; // gone, or hidden
  const moved = held.getBoundingClientRect().top - before;
  if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
}

/** What must stay where it is: the field somebody writes in, else the first post in view. */
function anchor() {
  const field = document.activeElement?.closest("form[data-composer]");
  if (field && isInView(document.activeElement.getBoundingClientRect())) return document.activeElement;
  return [...document.querySelectorAll("#posts > .post")].find((post) => isInView(post.getBoundingClientRect()));
}
