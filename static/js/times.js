/**
 * Turns the dates of kept HTML into "2 hours ago", and keeps them true. The words are those of the server's own
 * filter (`ago` in cdoforum/templatetags/forum.py); the full date stays in the title.
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
    if (time.textContent !== words) time.textContent = words;
  }
}

showTimes();
setInterval(() => { if (!document.hidden) showTimes(); }, MINUTE);
document.addEventListener("visibilitychange", () => { if (!document.hidden) showTimes(); });
