/**
 * New posts never move what is being read. Those out of sight are announced by a button that leads to the first of
 * them, and in the tab's title while nobody looks.
 */
import { announce } from "./announce.js";
import { goTo, isMine, list, numberOf } from "./posts.js";

const button = document.querySelector("[data-arrived]");
const words = button.querySelector("[data-arrived-words]");
const unseen = new Set(); // new posts on this page, below or above the window
let arrived = 0; // how many came here since the last time that none was unseen
let later = []; // numbers of new posts on a later page
let whileHidden = 0;
let title = document.title;

const posts = (count, of = count) => `${count === of ? "" : `${count} of `}${of} new post${of === 1 ? "" : "s"}`;

const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) {
      sight.unobserve(target);
      unseen.delete(target);
    } else {
      unseen.add(target);
    }
  }
  if (!unseen.size) arrived = 0;
  show();
});

/** @param {HTMLElement[]} here new articles @param {number[]} elsewhere numbers of posts on a later page */
export function arrive(here, elsewhere) {
  const others = here.filter((post) => !isMine(post));
  const count = others.length + elsewhere.length;
  if (!count) return;
  others.forEach((post) => sight.observe(post));
  arrived += others.length;
  later.push(...elsewhere);
  if (document.hidden) whileHidden += count;
  const names = new Set(others.map((post) => post.querySelector(".byline .name")?.textContent));
  announce(count === 1 && names.size ? `${[...names][0]} replied` : posts(count));
  show();
}

function show() {
  const [first] = [...unseen].sort((a, b) => numberOf(a) - numberOf(b));
  if (first) {
    const where = first.getBoundingClientRect().bottom < 0 ? "above" : "below";
    words.textContent = `${posts(unseen.size, arrived)} ${where}`;
    button.dataset.where = where;
    button.href = `#${first.id}`;
  } else if (later.length) {
    const perPage = numberOf(list.lastElementChild) / Number(list.dataset.page); // this page is not the last: it is full
    words.textContent = `${posts(later.length)} on the last page`;
    button.dataset.where = "later";
    button.href = `?page=${Math.ceil(later[0] / perPage)}#post-${later[0]}`;
  }
  button.hidden = !first && !later.length;
  showTitle();
}

function showTitle() {
  document.title = whileHidden ? `(${whileHidden}) ${title}` : title;
}

export function setTitle(thread) {
  title = `${thread} – CDO Forum`;
  showTitle();
}

button.addEventListener("click", (event) => {
  const post = button.hash && !button.search ? document.getElementById(button.hash.slice(1)) : null;
  if (!post) return; // a link to another page
  event.preventDefault();
  post.scrollIntoView();
  goTo(post);
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  whileHidden = 0;
  showTitle();
});
