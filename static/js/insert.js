/** Puts text into a field in the place of [start, end), so that undo still works, and tells those who listen. */
export function insert(field, text, start = field.selectionStart, end = field.selectionEnd) {
  field.focus();
  field.setSelectionRange(start, end);
  // Deprecated, but the only way that keeps the undo history; where it is gone, the text still goes in.
  if (document.execCommand(text ? "insertText" : "delete", false, text)) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
