/* What is typed into a form is kept in this browser until the server has taken it: per account, offered to that account
   alone, gone at log-out and after seven days. Passwords and files are not kept. */
window.evDrafts = (() => {
  "use strict";

  const PREFIX = "ev:draft:";
  const KEPT = 7 * 24 * 60 * 60 * 1000; // milliseconds
  const PAUSE = 300; // milliseconds after the last key
  const forms = new WeakMap(); // form → {key, shown: {name: values}, timer}
  const page = () => document.getElementById("ev-typed");
  const account = () => page()?.dataset.account || "";

  // A private window may have no storage: then nothing is kept, and typing works as ever.
  function stored(work) {
    try { return work(window.localStorage); } catch { return null; }
  }
  const read = (key) => stored((store) => JSON.parse(store.getItem(key) || "null"));
  const drop = (key) => stored((store) => store.removeItem(key));
  const keys = () => stored((store) => Object.keys(store).filter((key) => key.startsWith(PREFIX))) || [];

  function forgetOld() {
    keys().forEach((key) => { if (!(Date.now() - read(key)?.at < KEPT)) drop(key); });
  }
  function forgetMine() {
    keys().filter((key) => key.startsWith(`${PREFIX}${account()}:`)).forEach(drop);
  }

  const typedIn = (box) => box.name && !box.disabled && !["hidden", "password", "file", "submit", "button"].includes(box.type);
  const boxesOf = (form) => [...form.elements].filter(typedIn);

  function valuesOf(form) {
    const values = {};
    boxesOf(form).forEach((box) => {
      values[box.name] ||= [];
      if (box.type === "checkbox" || box.type === "radio") { if (box.checked) values[box.name].push(box.value); }
      else if (box.multiple) values[box.name].push(...[...box.selectedOptions].map((option) => option.value));
      else values[box.name].push(box.value);
    });
    return values;
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  function write(form) {
    const known = forms.get(form);
    const typed = Object.entries(valuesOf(form)).filter(([name, values]) => !same(values, known.shown[name]));
    const fields = Object.fromEntries(typed);
    if (!Object.keys(fields).length) { if (!known.offered) drop(known.key); return; }
    const marks = marksOf(form, fields);
    stored((store) => store.setItem(known.key, JSON.stringify({ at: Date.now(), fields, marks })));
  }

  // What the form showed when it was typed in: a restored text that meets somebody's later edit is then not saved over it.
  function marksOf(form, fields) {
    const rows = new Set(Object.keys(fields).map((name) => name.split("-")[0]));
    const boxes = [...form.querySelectorAll("[name=_seen], [data-version]")];
    return Object.fromEntries(
      boxes.filter((box) => box.name === "_seen" || rows.has(box.name.split("-")[0])).map((box) => [box.name, box.value]),
    );
  }

  // New rows of a table are not on a fresh page: its own button adds them.
  function addRows(form, fields) {
    for (const name of Object.keys(fields)) {
      const table = /^(.+)-\d+-/.exec(name)?.[1];
      const button = () => document.querySelector(`#${CSS.escape(`${table}-group`)} .add-row a`);
      for (let tries = 0; table && !form.elements.namedItem(name) && button() && tries < 20; tries += 1) button().click();
    }
  }

  function put(form, { fields, marks }) {
    addRows(form, fields);
    for (const [name, value] of Object.entries(marks || {})) {
      const box = form.elements.namedItem(name);
      if (box) box.value = value;
    }
    for (const [name, values] of Object.entries(fields)) {
      boxesOf(form).filter((box) => box.name === name).forEach((box, at) => {
        if (box.type === "checkbox" || box.type === "radio") box.checked = values.includes(box.value);
        else if (box.multiple) [...box.options].forEach((option) => { option.selected = values.includes(option.value); });
        else box.value = values[at] ?? "";
        box.dispatchEvent(new Event("input", { bubbles: true }));
        box.dispatchEvent(new Event("change", { bubbles: true }));
      });
    }
  }

  // The note above the form; a draft that says what stands there already is not offered.
  function offer(form, known) {
    const draft = read(known.key);
    const now = valuesOf(form);
    if (!draft || !Object.entries(draft.fields).some(([name, values]) => !same(values, now[name]))) return;
    const note = page().content.querySelector(".ev-draft").cloneNode(true);
    const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    note.querySelector("[data-when]").textContent = `(${when.format(draft.at)})`;
    known.offered = true;
    const close = () => { known.offered = false; note.remove(); };
    note.querySelector("[data-restore]").addEventListener("click", () => { close(); put(form, draft); write(form); });
    note.querySelector("[data-discard]").addEventListener("click", () => { close(); drop(known.key); write(form); });
    (form.querySelector(".ev-dialog-body") || form).prepend(note);
  }

  function keyOf(form) {
    const place = form.getAttribute("hx-post") || form.getAttribute("action") || window.location.pathname;
    return `${PREFIX}${account()}:${new URL(place, window.location.href).pathname}#${form.getAttribute("id") || ""}`;
  }

  function watch(form) {
    const post = (form.getAttribute("method") || "").toLowerCase() === "post";
    if (forms.has(form) || !account() || !post || form.matches("[data-plain], #logout-form, #changelist-form")) return;
    if (!boxesOf(form).length) return;
    const refused = form.querySelector(".errorlist, .errors, [aria-invalid=true], #ev-conflict, .ev-refused");
    const known = { key: keyOf(form), shown: refused && !form.matches("#lines-form") ? {} : valuesOf(form) };
    forms.set(form, known);
    offer(form, known);
    const later = () => { clearTimeout(known.timer); known.timer = setTimeout(() => write(form), PAUSE); };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
  }

  function taken(form) {
    const known = forms.get(form);
    if (!known) return;
    clearTimeout(known.timer);
    known.offered = false;
    drop(known.key);
  }

  // The lines page is saved row by row: what was taken of it is no draft any more.
  function keptRow(form, names) {
    const known = forms.get(form);
    if (!known) return;
    const now = valuesOf(form);
    names.filter((name) => name in now).forEach((name) => { known.shown[name] = now[name]; });
    write(form);
  }

  function watchAll() { document.querySelectorAll("form").forEach(watch); }

  document.addEventListener("submit", (event) => {
    if (event.target.matches("#logout-form")) forgetMine();
  }, true);
  document.addEventListener("click", (event) => { // the person takes what stands
    const form = event.target.closest?.("[data-leave]")?.closest("form");
    if (form) { form.dataset.taken = "1"; taken(form); }
  });
  window.addEventListener("pagehide", () => {
    document.querySelectorAll("form").forEach((form) => { if (forms.get(form)?.timer && !form.dataset.taken) write(form); });
  });
  window.addEventListener("load", () => {
    forgetOld();
    setTimeout(() => {
      watchAll();
      document.body.addEventListener("htmx:afterSettle", watchAll);
    });
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form && event.detail.xhr?.getResponseHeader("HX-Redirect")) { form.dataset.taken = "1"; taken(form); }
  });

  return { taken, keptRow, write: (form) => forms.has(form) && write(form) };
})();
