/* Corrections that templates cannot make once and for all: symbols, clickable spans, names of files. */
(() => {
  "use strict";

  // A symbol is a word in a symbol font: a screen reader would read "dock_to_right".
  function hideSymbols(root) {
    root.querySelectorAll(".material-symbols-outlined:not([aria-hidden]):not([role])").forEach((symbol) => {
      symbol.setAttribute("aria-hidden", "true");
    });
  }

  // What an element says without its symbols.
  function wordsOf(element) {
    const copy = element.cloneNode(true);
    copy.querySelectorAll(".material-symbols-outlined").forEach((symbol) => symbol.remove());
    return element.classList.contains("material-symbols-outlined") ? "" : copy.textContent.trim();
  }

  // Unfold hangs clicks on spans and on links without an address: give them a role, a place in the tab order and keys.
  function makeButtons(root) {
    root.querySelectorAll("span[x-on\\:click], div[x-on\\:click].cursor-pointer, a[x-on\\:click]:not([href])").forEach((element) => {
      if (element.closest("button") || element.hasAttribute("role")) return;
      element.setAttribute("role", "button");
      element.setAttribute("tabindex", "0");
      if (!element.hasAttribute("aria-label") && !wordsOf(element)) {
        const words = document.getElementById("ev-words")?.dataset || {};
        element.setAttribute("aria-label", element.title || (element.textContent.includes("close") ? words.close : words.more) || "…");
      }
    });
  }

  function nameBareControls(root) {
    root.querySelectorAll("a[title], button[title]").forEach((element) => {
      if (!wordsOf(element) && !element.hasAttribute("aria-label")) element.setAttribute("aria-label", element.title);
    });
  }

  // Django's own tooltips and Unfold's file boxes carry a name on elements that may not have one.
  function mendNames(root) {
    root.querySelectorAll("span.help-tooltip[aria-label]").forEach((element) => element.setAttribute("role", "img"));
    root.querySelectorAll("table th").forEach((head) => {
      if (!head.textContent.trim() && !head.querySelector("input, img, svg")) {
        const words = document.createElement("span");
        words.className = "ev-unseen";
        words.textContent = document.getElementById("ev-words")?.dataset.more || "…";
        head.append(words);
      }
    });
  }

  // Unfold writes a file's name over the nearest text box, a figure of the row too: our boxes show the name themselves.
  function claimFiles(root) {
    root.querySelectorAll("input[type=file]").forEach((input) => { input.hasChangeListener = true; });
  }

  // A browser cuts what is pasted beyond `maxlength` without a word: the server answers with a sentence instead.
  function freeLengths(root) {
    root.querySelectorAll("form [maxlength]").forEach((box) => box.removeAttribute("maxlength"));
  }

  // Django's scripts count chosen rows and options in Latin digits.
  function localiseCounts(root) {
    if (document.documentElement.lang !== "fa") return;
    root.querySelectorAll(".action-counter, .list-footer-display").forEach((count) => {
      const text = count.textContent.replace(/[0-9]/g, (digit) => "۰۱۲۳۴۵۶۷۸۹"[digit]);
      if (text !== count.textContent) count.textContent = text;
    });
  }

  function mend(root) {
    localiseCounts(root);
    claimFiles(root);
    freeLengths(root);
    mendNames(root);
    makeButtons(root);
    hideSymbols(root);
    nameBareControls(root);
  }

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if ((event.key === "Enter" || event.key === " ") && target.matches?.("[role=button]:not(button)")) {
      event.preventDefault();
      target.click();
    }
  });

  document.addEventListener("change", (event) => {
    const box = event.target.closest?.(".ev-file");
    if (!box || event.target.type !== "file") return;
    const names = [...event.target.files].map((file) => file.name).join(document.documentElement.lang === "fa" ? "، " : ", ");
    box.querySelector(".ev-file-name").textContent = names || box.dataset.none;
  });

  window.addEventListener("load", () => setTimeout(() => mend(document))); // Django's double boxes are built on load

  document.addEventListener("DOMContentLoaded", () => {
    mend(document);
    new MutationObserver((changes) => {
      if (changes.some((change) => change.addedNodes.length)) mend(document);
    }).observe(document.body, { childList: true, subtree: true });
  });
})();
