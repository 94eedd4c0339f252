/**
 * Turns dates into "2 hours ago", and keeps them true. The full date stays, on hover and for who listens to the page:
 * pages are kept for a while, so only the browser knows how long ago it is.
 */
const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const relative = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" });
const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "Europe/London" });
const isoDay = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/London" }); // 2026-03-12

const days = (from, to) => (Date.parse(isoDay.format(to)) - Date.parse(isoDay.format(from))) / DAY;

/** @param {Date} at @param {Date} now */
export function ago(at, now = new Date()) {
  const ahead = at - now;
  const distance = Math.abs(ahead);
  const some = (unit, size) => relative.format(Math.sign(ahead) * Math.floor(distance / size), unit);
  if (distance < MINUTE) return ahead > 0 ? "in a moment" : "just now";
  if (distance < HOUR) return some("minute", MINUTE);
  const apart = days(now, at);
  if (apart === 0 || distance < 6 * HOUR) return some("hour", HOUR);
  return Math.abs(apart) < 7 ? relative.format(apart, "day") : date.format(at);
}

export function showTimes(root = document) {
  for (const time of root.querySelectorAll("time[data-ago]")) {
    const words = ago(new Date(time.dateTime));
    if (time.dataset.ago === words) continue;
    time.dataset.ago = words;
    time.replaceChildren(words, unseen(time.title.startsWith(words) ? time.title.slice(words.length) : `, ${time.title}`));
  }
}

function unseen(words) {
  const span = document.createElement("span");
  span.className = "visually-hidden";
  span.textContent = words;
  return span;
}

showTimes();
setInterval(() => { if (!document.hidden) showTimes(); }, MINUTE);
document.addEventListener("visibilitychange", () => { if (!document.hidden) showTimes(); });
