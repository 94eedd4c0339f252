/**
 * What is being written is kept on this device until it has been posted, so that a crash, a wrong key or a dead
 * network loses nothing. A draft belongs to one form and one member, and signing out clears them all.
 */
const PREFIX = "draft:";
const SENT = "draft-sent"; // in the session: which form was sent by the browser itself, and from which page
const PAUSE = 500;
const KEPT_FOR = 30 * 24 * 60 * 60 * 1000;
const TEXT = "textarea.composer-text";
const FIELDS = "textarea, input[type=text], input[name=reply_to]";

const member = () => document.querySelector("#account a[href^='/members/']")?.getAttribute("href") ?? "";
const keyOf = (form) => `${PREFIX}${member()}${new URL(form.action).pathname}`;
const fieldsOf = (form) => [...form.elements].filter((field) => field.name && field.matches(FIELDS));

/** What the server sent: somebody may have been quicker than this script. (A hidden field keeps no default of its own.) */
const sent = (field) => (field.type === "hidden" ? field.value : field.defaultValue);

/** Storage may be full or forbidden; then there are no drafts, and everything else goes on. */
function store(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}

/** Restores a draft into the form's untouched fields, and keeps the form from now on. */
export function keepDraft(form) {
  const state = form.querySelector("[data-draft]");
  const begun = new Map(fieldsOf(form).map((field) => [field.name, sent(field)]));
  let timer = 0;

  function save() {
    clearTimeout(timer);
    timer = 0;
    const changed = fieldsOf(form).filter((field) => field.value !== begun.get(field.name));
    const fields = Object.fromEntries(changed.map((field) => [field.name, [begun.get(field.name) ?? "", field.value]]));
    const isWorthIt = changed.some((field) => field.type !== "hidden" && field.value.trim());
    const words = store(() => {
      if (isWorthIt) localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), fields }));
      else localStorage.removeItem(keyOf(form));
      return isWorthIt ? "Draft kept on this device" : "";
    });
    say(words ?? "");
  }

  function say(words) {
    if (state && state.textContent !== words) state.textContent = words;
  }

  let restored = false;
  const draft = store(() => JSON.parse(localStorage.getItem(keyOf(form))));
  for (const field of fieldsOf(form)) {
    const [before, value] = draft?.fields[field.name] ?? [];
    if (value === undefined || before !== field.value) continue; // the server has sent something newer
    field.value = value;
    restored = true;
  }
  form.addEventListener("input", () => { timer ||= setTimeout(save, PAUSE); });
  const wasSent = sentForm()?.key === keyOf(form); // before this script was there; what is being posted is no draft
  if (!wasSent && fieldsOf(form).some((field) => field.value !== begun.get(field.name))) save();
  if (restored) say("Draft restored");
  form.addEventListener("draft:save", () => { if (timer) save(); });
  addEventListener("pagehide", () => { if (timer) save(); });
  form.addEventListener("draft:forget", () => {
    clearTimeout(timer);
    timer = 0;
    store(() => localStorage.removeItem(keyOf(form)));
    say("");
  });
}

/** The text has been posted. */
export const forgetDraft = (form) => form.dispatchEvent(new Event("draft:forget"));

const pageAddress = () => location.href.replace(location.hash, "");
const sentForm = () => store(() => JSON.parse(sessionStorage.getItem(SENT)));

/** On every page: a form sent by the browser itself has arrived if it led to a thread. Signing out clears all. */
export function settleDrafts() {
  const sent = sentForm();
  store(() => {
    sessionStorage.removeItem(SENT);
    const hasArrived = sent && document.referrer === sent.from && document.querySelector("#posts[data-thread]");
    if (hasArrived) localStorage.removeItem(sent.key);
    clear((draft) => !(Date.now() - draft?.at < KEPT_FOR));
  });
  // These listeners come after those of the forms, which may take the sending over.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.action.endsWith("/accounts/logout/")) store(() => clear(() => true));
    if (event.defaultPrevented || event.submitter?.name === "preview" || !form.querySelector(TEXT)) return;
    form.dispatchEvent(new Event("draft:save")); // now: what is written while the page is left may come too late
    store(() => sessionStorage.setItem(SENT, JSON.stringify({ key: keyOf(form), from: pageAddress() })));
  });
  addEventListener("pageshow", (event) => { if (event.persisted) store(() => sessionStorage.removeItem(SENT)); });
}

function clear(isOver) {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && isOver(JSON.parse(localStorage.getItem(key)))) localStorage.removeItem(key);
  }
}
