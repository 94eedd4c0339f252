/**
 * Notes how far a member has read: the highest post that was in sight for a second. What was on the page when it
 * came, the server has noted by itself.
 */
import { csrfToken } from "./csrf.js";
import { all, list, numberOf, viewer } from "./posts.js";
import { say } from "./socket.js";

const SEEN_AFTER = 1000;
const TELL_EVERY = 3000;
const thread = Number(list.dataset.thread);
const timers = new Map();
const unlooked = new Set(); // in sight of a tab that nobody looks at
let read = numberOf(all().at(-1));
let told = read;
let telling = 0;

const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    clearTimeout(timers.get(target));
    if (isIntersecting) timers.set(target, setTimeout(see, SEEN_AFTER, target));
  }
}, { rootMargin: "0px 0px -15% 0px" }); // a glimpse at the lower edge is not reading

export function note(post) {
  if (viewer) sight.observe(post);
}

function see(post) {
  if (document.hidden) return unlooked.add(post);
  sight.unobserve(post);
  read = Math.max(read, numberOf(post));
  telling ||= setTimeout(tell, TELL_EVERY);
}

function tell() {
  clearTimeout(telling);
  telling = 0;
  if (read <= told) return;
  told = read;
  if (say({ read: { thread, number: read } })) return;
  const body = new URLSearchParams({ number: String(read), csrfmiddlewaretoken: csrfToken() });
  fetch(`/threads/${thread}/read/`, { method: "POST", body, keepalive: true }).catch(() => { told = 0; });
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return tell();
  for (const post of unlooked) {
    sight.unobserve(post);
    sight.observe(post);
  }
  unlooked.clear();
});
