/** "Reply" under a post: the composer says which post it answers, and the page stays where it is. */
import { goTo, list } from "./posts.js";

/** @param {HTMLFormElement} form → { show } which reads the form's hidden reply_to again */
export function enableReplying(form) {
  const text = form.elements.source;
  const line = form.querySelector("[data-replying]");
  const words = line.querySelector("[data-replying-words]");

  function show() {
    const number = form.elements.reply_to.value;
    words.textContent = number ? `Answers post ${number}` : "";
    line.hidden = !number;
  }

  function answer(number) {
    form.elements.reply_to.value = number;
    show();
    text.dispatchEvent(new Event("input", { bubbles: true })); // the draft changes with it
    form.scrollIntoView({ block: "nearest" });
    goTo(text);
  }

  const isPlain = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;

  list.addEventListener("click", (event) => {
    const link = event.target.closest("[data-reply]");
    if (!link || !isPlain(event)) return;
    event.preventDefault();
    answer(link.dataset.reply);
  });
  form.querySelector("[data-replying-stop]").addEventListener("click", (event) => {
    event.preventDefault();
    answer("");
  });
  show();
  return { show, stop: () => { form.elements.reply_to.value = ""; show(); } };
}
