/**
 * What every page loads. Each behaviour has a file of its own; those that need something on the page are fetched
 * only where it stands. Everything here improves a page that works without it.
 */
import "./forms.js";
import "./menu.js";
import "./times.js";
import { settleDrafts } from "./drafts.js";

const has = (selector) => document.querySelector(selector) !== null;
const failed = (error) => console.error("A part of this page could not be loaded.", error);

settleDrafts();
if (has("#bell")) import("./bell.js").catch(failed);
if (has("[hx-post]")) import("./preview.js").catch(failed);
if (has("textarea.composer-text")) import("./writing.js").catch(failed);
if (has("#posts[data-thread]")) import("./thread.js").catch(failed);
if (has("#posts[data-thread]") && has("form[data-composer]")) import("./composer.js").catch(failed);
