/* Ctrl+K for every keyboard layout, and Enter for the first page that is found. */
(() => {
  "use strict";
  const BOX = "search-input-command", LIST = "command-results";
  let stale = false, waiting = false;

  // On a Persian layout the key K types «ن», so Unfold, which asks for the letter, does not hear it.
  function isOpener(event) {
    return (event.ctrlKey || event.metaKey) && !event.altKey && event.code === "KeyK" && event.key.toLowerCase() !== "k";
  }

  function isTyping() {
    const element = document.activeElement;
    return ["input", "textarea"].includes(element.tagName.toLowerCase()) || element.isContentEditable;
  }

  function openFirst() {
    const first = document.querySelector(`#${LIST} a[href]`);
    if (first) window.location = first.href;
  }

  // Nothing is marked before an arrow key is pressed: Enter then means the first result, once it is the one of these words.
  function enter(event) {
    if (event.ctrlKey || event.metaKey || document.querySelector(`#${LIST} li.active`)) return;
    event.preventDefault();
    if (stale) waiting = true;
    else openFirst();
  }

  document.addEventListener("keydown", (event) => {
    const inBox = event.target.id === BOX;
    if (isOpener(event) && (inBox || !isTyping())) {
      event.preventDefault();
      window.dispatchEvent(new CustomEvent("opencommand"));
    } else if (inBox && event.key === "Enter") enter(event);
  });
  document.addEventListener("input", (event) => {
    if (event.target.id !== BOX) return;
    stale = true;
    waiting = false;
    event.target.dispatchEvent(new Event("keyup")); // what is pasted or dictated presses no key, and is searched all the same
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== LIST) return;
    stale = false;
    if (waiting) { waiting = false; openFirst(); }
  });
})();
