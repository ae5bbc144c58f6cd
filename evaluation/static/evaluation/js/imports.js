/* The wizard of imports: a file dropped on the form, forms that are sent once, and what is said of work under way. */
(() => {
  "use strict";

  const PATIENCE = 10000; // milliseconds

  // -- a form whose work takes time is sent once, and says that it was
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.once) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    const button = form.querySelector("[type=submit]");
    button.dataset.words = button.textContent;
    button.textContent = form.dataset.once;
    button.setAttribute("aria-disabled", "true");
  });

  function free(form) {
    const button = form.querySelector("[type=submit]");
    delete form.dataset.sent;
    button.textContent = button.dataset.words;
    button.removeAttribute("aria-disabled");
  }
  window.addEventListener("pageshow", (event) => { // come back by the browser's own button
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(free);
  });
  document.addEventListener("ev:stayed", (event) => { if (event.target.dataset.sent) free(event.target); });

  // -- the upload: a file may be dropped anywhere on the form
  function takeDrops(zone) {
    const input = zone.querySelector("input[name=file]");
    let depth = 0;
    const holdsFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
    const mark = (step) => { depth = Math.max(0, depth + step); zone.classList.toggle("ev-over", depth > 0); };
    zone.addEventListener("dragenter", (event) => { if (holdsFiles(event)) mark(1); });
    zone.addEventListener("dragleave", (event) => { if (holdsFiles(event)) mark(-1); });
    zone.addEventListener("dragover", (event) => { if (holdsFiles(event)) event.preventDefault(); });
    zone.addEventListener("drop", (event) => {
      if (!holdsFiles(event)) return;
      depth = 0;
      zone.classList.remove("ev-over");
      if (event.target === input || event.target.type === "file") return; // the browser's own way, into that box
      event.preventDefault();
      const taken = new DataTransfer();
      taken.items.add(event.dataTransfer.files[0]);
      input.files = taken.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  // The letter is asked for with the workbooks that are another body's own step.
  function showLetter(letter) {
    const workbook = document.querySelector("[name=workbook]");
    const show = () => { letter.hidden = !letter.dataset.for.split(" ").includes(workbook.value) && !letter.querySelector(".errors"); };
    workbook.addEventListener("change", show);
    show();
  }

  // -- work under way: htmx swaps the fragment, this says it and notices what is no fragment
  function watch(page) {
    const mine = (event) => event.detail.target?.id === "run-work" || event.detail.elt?.id === "run-work";
    const lost = document.getElementById("run-lost");
    const isLost = (yes) => { if (lost && lost.hidden === yes) { lost.textContent = yes ? page.dataset.lost : ""; lost.hidden = !yes; } };
    function say() {
      const said = document.getElementById("run-work")?.dataset.said;
      const place = document.getElementById("run-said");
      if (said && place && place.textContent !== said) place.textContent = said;
    }
    document.body.addEventListener("htmx:beforeSwap", (event) => {
      if (!mine(event) || !event.detail.shouldSwap) return;
      if (!event.detail.xhr.responseText.includes('id="run-work"')) { // the session has ended, or the right
        event.detail.shouldSwap = false;
        window.location.reload();
      }
    });
    let pressed = 0; // a form of this page is on its way: its answer is the page that comes next
    document.addEventListener("submit", () => { pressed = Date.now(); });
    document.body.addEventListener("htmx:beforeOnLoad", (event) => {
      const over = event.detail.xhr.getResponseHeader("HX-Refresh");
      if (mine(event) && over && Date.now() - pressed < PATIENCE) event.preventDefault();
    });
    document.body.addEventListener("htmx:afterSettle", say);
    document.body.addEventListener("htmx:afterRequest", (event) => { if (mine(event)) isLost(!event.detail.successful); });
    say();
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".ev-drop").forEach(takeDrops);
    document.querySelectorAll(".ev-letter[data-for]").forEach(showLetter);
    const page = document.getElementById("import");
    if (page && document.getElementById("run-work")) watch(page);
  });
})();
