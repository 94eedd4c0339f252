/**
 * The posts on the page: puts a new one in its place, renews a changed one, and shows each viewer what they may do.
 * A post's HTML is the same for every reader; the container says who reads.
 */
import { showTimes } from "./times.js";

export const list = document.getElementById("posts");
export const viewer = list.dataset.viewer ?? "";
const moderates = list.hasAttribute("data-moderator");
const mayReply = list.hasAttribute("data-may-reply");

export const all = () => [...list.querySelectorAll(":scope > .post")];
export const numberOf = (post) => Number(post?.dataset.number ?? 0);
export const isClosed = () => list.hasAttribute("data-locked") && !moderates;
export const isMine = (post) => viewer !== "" && post.dataset.author === viewer;

/** Switches on what this viewer may do, and makes the times readable. The server checks every act again. */
export function dress(post) {
  const roles = {
    author: isMine(post),
    moderator: moderates,
    member: viewer !== "",
    open: mayReply && !isClosed(),
  };
  post.toggleAttribute("data-mine", roles.author);
  for (const act of post.querySelectorAll("[data-for]")) {
    act.hidden = !act.dataset.for.split(" ").some((role) => roles[role]);
  }
  showTimes(post);
}

/** Says whether people can still reply, for those who could: by the acts under the posts, and to the composer. */
export function setLocked(locked) {
  if (list.hasAttribute("data-locked") === locked) return;
  list.toggleAttribute("data-locked", locked);
  all().forEach(dress);
  list.dispatchEvent(new Event("thread:lock"));
}

/**
 * Puts one post of a frame in its place, in the order of numbers and never twice.
 * → the article if it is new on the page, "elsewhere" if it belongs on a later page, else null.
 */
export function place({ id, number, version, html }) {
  const old = list.querySelector(`[data-post="${id}"]`);
  if (old) {
    if (Number(old.dataset.version) < version) renew(old, made(html));
    return null;
  }
  const present = all();
  if (number < numberOf(present[0])) return null;
  if (!list.hasAttribute("data-last-page")) return "elsewhere";
  const post = made(html);
  post.classList.add("is-new");
  list.insertBefore(post, present.find((other) => numberOf(other) > number) ?? null);
  return post;
}

function made(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const post = template.content.querySelector(".post");
  dress(post);
  return post;
}

/** Only the parts that differ are replaced, so that a selection in the rest of the post stays, and the focus, too. */
function renew(old, fresh) {
  const acts = "a, button, input, summary";
  const focused = [...old.querySelectorAll(acts)].indexOf(document.activeElement);
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  const parts = [...fresh.children];
  if (parts.length !== old.children.length) old.replaceChildren(...parts);
  else [...old.children].forEach((part, i) => { if (!part.isEqualNode(parts[i])) part.replaceWith(parts[i]); });
  if (focused >= 0 && !old.contains(document.activeElement)) {
    goTo(old.querySelectorAll(acts)[focused] ?? old);
  }
}

/** Moves the focus without moving the page. */
export function goTo(place) {
  if (!place.matches("a, button, input, textarea, summary")) place.tabIndex = -1;
  place.focus({ preventScroll: true });
}

/** "New since your last visit", before the first post that the viewer has not read, unless everything is new. */
export function divide() {
  const first = Number(list.dataset.firstUnread ?? 0);
  const post = first > 1 && document.getElementById(`post-${first}`);
  if (!post) return;
  const divider = document.createElement("p");
  divider.className = "since";
  divider.id = "new";
  divider.append(document.createElement("span"));
  divider.firstChild.textContent = "New since your last visit";
  post.before(divider);
}
