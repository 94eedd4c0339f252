/** The bell in the masthead tells at once what came in: the server sends each member's own count to their tabs. */
import { announce } from "./announce.js";
import { join } from "./socket.js";

const bell = document.getElementById("bell");
const badge = bell.querySelector("b");
const words = bell.querySelector("[data-unread-words]");

function hear({ to, unread }) {
  if (!to.startsWith("member:") || !Number.isInteger(unread)) return;
  const before = Number(bell.dataset.unread);
  bell.dataset.unread = String(unread);
  badge.textContent = unread > 99 ? "99+" : String(unread);
  badge.hidden = unread === 0;
  words.textContent = `${unread} unread`;
  if (unread > before) announce(`Inbox: ${unread} unread`);
}

join({ hear });
