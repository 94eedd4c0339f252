/** While a thread is locked, its composer is closed: what was being written stays to be read, and waits. */
import { goTo, isClosed, list } from "./posts.js";

/** @param {HTMLFormElement} form → a function that looks again whether the form is to be open */
export function closeWhileLocked(form) {
  const text = form.elements.source;
  const notice = document.querySelector("[data-composer-locked]");

  function follow() {
    const closed = isClosed();
    const isEmpty = !text.value.trim();
    const focused = document.activeElement; // what is hidden loses the focus
    notice.hidden = !closed;
    notice.querySelector("[data-composer-kept]").hidden = isEmpty;
    form.toggleAttribute("data-closed", closed);
    form.hidden = closed && isEmpty;
    text.readOnly = closed || form.ariaBusy === "true";
    if (closed && form.contains(focused) && (focused !== text || isEmpty)) goTo(notice);
    if (!closed && focused === notice) goTo(text);
  }

  list.addEventListener("thread:lock", follow);
  follow();
  return follow;
}
