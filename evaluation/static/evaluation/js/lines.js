/* The page of lines: each row saves itself when a box is left, and only its result cell is replaced, never an input.
   Enter and the arrows go up and down the rows, Ctrl+S saves. Without this script the page is one form with one button. */
(() => {
  "use strict";

  const page = document.getElementById("lines");
  const form = document.getElementById("lines-form");
  if (!page || !form) return;
  const words = page.dataset;
  const status = document.getElementById("lines-status");
  const RETRY = 15000; // milliseconds
  const queues = new Map(); // row → the promise of its last save
  const failed = new Set();
  const away = new Set(); // rows whose figures did not reach the server: tried again by themselves
  const files = new Map(); // row → the files that did not reach the server
  let waiting = 0;

  const lineOf = (row) => row.id.slice("line-".length);
  const boxes = (row) => [...row.querySelectorAll(".ev-boxes :is(input, select, textarea):not([type=hidden])")];
  const valuesOf = (row) => JSON.stringify(boxes(row).map((box) => box.value));
  const rows = () => [...page.querySelectorAll("tr[data-own]")];
  const isDirty = (row) => row.dataset.kept !== valuesOf(row);
  const busyOrDirty = () => waiting > 0 || files.size > 0 || rows().some((row) => isDirty(row) || failed.has(row));

  function say() {
    const bad = failed.size > 0 || files.size > 0;
    status.classList.toggle("ev-bad", bad);
    if (waiting) status.textContent = words.saving;
    else if (files.size) status.textContent = words.files;
    else if (bad) status.textContent = words.refused;
    else if (rows().some(isDirty)) status.textContent = words.unsaved;
    else status.textContent = status.dataset.used ? words.saved : "";
  }

  function swap(fragments) {
    for (const [id, html] of Object.entries(fragments)) {
      const old = document.getElementById(id);
      const holder = document.createElement("template");
      holder.innerHTML = html.trim();
      const fresh = holder.content.firstElementChild;
      if (!old || !fresh || old.contains(document.activeElement)) continue;
      const open = [...old.querySelectorAll("details")].map((details) => details.open);
      fresh.querySelectorAll("details").forEach((details, at) => { details.open = Boolean(open[at]); });
      old.replaceWith(fresh);
      window.htmx?.process(fresh);
    }
  }

  function refuse(row, sentence) {
    failed.add(row);
    row.classList.add("ev-refused");
    const cell = row.querySelector(".ev-result");
    let place = cell.querySelector(".ev-refusal");
    if (!place) {
      place = document.createElement("span");
      place.className = "ev-refusal";
      place.setAttribute("role", "alert");
      cell.append(place);
    }
    place.textContent = sentence;
  }

  // One request; anything but our own answer (an error page, no connection) becomes a sentence.
  async function post(row, name, data) {
    const answer = await window.evSession.post(`${words.base}${lineOf(row)}/${name}/`, () => data);
    if (answer.sentence) return { ok: false, sentence: answer.sentence, away: true };
    if (!(answer.headers.get("Content-Type") || "").startsWith("application/json")) {
      return { ok: false, sentence: words.failed, away: answer.status >= 500 };
    }
    return answer.json();
  }

  function fieldsOf(row) {
    const data = new FormData();
    row.querySelectorAll(".ev-boxes [name]").forEach((box) => data.set(box.name, box.value));
    return data;
  }

  // The box for a typed score: only lines whose formula gives none have it.
  function showScore(row, typed) {
    const score = row.querySelector(".ev-box-score");
    if (score) score.hidden = !typed && !score.querySelector("input").value;
    if (score || !typed) return;
    const box = document.getElementById("lines-score").content.firstElementChild.cloneNode(true);
    box.querySelector("input").name = `${lineOf(row)}-score`;
    box.querySelector("i").textContent = ` ${row.querySelector("th bdi").textContent}`;
    row.querySelector(".ev-box-note").before(box);
  }

  async function saveNow(row) {
    const sent = valuesOf(row);
    if (row.dataset.kept === sent && !failed.has(row)) return;
    row.classList.add("ev-saving");
    row.classList.remove("ev-done");
    const answer = await post(row, "save", fieldsOf(row));
    row.classList.remove("ev-saving");
    if (answer.swap) swap(answer.swap);
    if (answer.ok) {
      const untouched = valuesOf(row) === sent;
      showScore(row, answer.typed);
      row.dataset.kept = untouched ? valuesOf(row) : sent; // with a new, empty box
      away.delete(row);
      window.evDrafts.keptRow(form, boxes(row).map((box) => box.name));
      row.querySelector('[name$="-version"]').value = answer.version;
      row.querySelector('[name$="-seen"]').value = answer.seen;
      failed.delete(row);
      row.classList.remove("ev-refused");
      row.classList.add("ev-done");
    } else {
      if (answer.away) away.add(row); else away.delete(row);
      refuse(row, answer.sentence);
    }
    row.classList.toggle("ev-dirty", isDirty(row));
  }

  // Saves of one row follow each other, so that each carries the version that the one before left.
  function queue(row, work) {
    waiting += 1;
    status.dataset.used = "1";
    say();
    const done = (queues.get(row) || Promise.resolve()).then(work).finally(() => { waiting -= 1; say(); });
    queues.set(row, done);
    return done;
  }
  const save = (row) => (isDirty(row) || failed.has(row) ? queue(row, () => saveNow(row)) : Promise.resolve());

  function neighbour(box, step) {
    const all = rows();
    const row = box.closest("tr[data-own]");
    const kind = box.name.slice(box.name.indexOf("-"));
    for (let at = all.indexOf(row) + step; at >= 0 && at < all.length; at += step) {
      const seen = boxes(all[at]).filter((each) => each.offsetParent !== null);
      const next = seen.find((each) => each.name.endsWith(kind)) || (kind === "-note" ? null : seen[0]);
      if (next) return next;
    }
    return null;
  }

  function go(box, step) {
    const next = neighbour(box, step);
    if (!next) return false;
    next.focus();
    if (next.select) next.select();
    next.closest("tr").scrollIntoView({ block: "nearest" });
    return true;
  }

  page.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!box.matches?.(".ev-boxes :is(input, select, textarea)")) return;
    if (event.isComposing || event.altKey || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const figure = box.tagName === "INPUT";
    if (event.key === "Enter" && box.tagName !== "TEXTAREA") {
      event.preventDefault();
      if (!go(box, 1)) save(box.closest("tr"));
    } else if (figure && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      go(box, event.key === "ArrowDown" ? 1 : -1);
    }
  });

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyS") {
      event.preventDefault();
      rows().forEach(save);
    }
  });

  page.addEventListener("input", (event) => {
    const row = event.target.closest(".ev-boxes")?.closest("tr");
    if (!row) return;
    row.classList.toggle("ev-dirty", isDirty(row));
    row.classList.remove("ev-done");
    say();
  });

  page.addEventListener("change", async (event) => {
    const row = event.target.closest("tr[data-own]");
    if (!row) return;
    if (event.target.type !== "file") { save(row); return; }
    const input = event.target;
    files.set(row, [...(files.get(row) || []), ...input.files]);
    input.value = "";
    sendFiles(row);
  });

  // Files stay here until the server has answered: what did not reach it is sent again, and “all saved” waits for it.
  async function sendFiles(row) {
    const list = files.get(row);
    const data = new FormData();
    list.forEach((file) => data.append("files", file));
    const place = row.querySelector(".ev-attach");
    place.classList.add("ev-busy");
    await queue(row, async () => {
      const answer = await changeFiles(row, data);
      if (!answer.away) files.set(row, files.get(row).filter((file) => !list.includes(file)));
      if (!files.get(row).length) files.delete(row);
    });
    place.classList.remove("ev-busy");
    say();
  }

  async function changeFiles(row, data) {
    const answer = await post(row, "evidence", data);
    if (answer.swap) swap(answer.swap);
    if (!answer.ok) refuse(row, answer.sentence);
    else if (!isDirty(row)) { failed.delete(row); row.classList.remove("ev-refused"); }
    return answer;
  }

  function retry() {
    if (waiting) return;
    [...away].forEach(save);
    [...files.keys()].forEach(sendFiles);
  }
  window.addEventListener("online", retry);
  setInterval(() => { if (navigator.onLine) retry(); }, RETRY);

  page.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-own]");
    const remove = event.target.closest(".ev-remove");
    const take = event.target.closest(".ev-take");
    if (remove && row) {
      event.preventDefault();
      if (!window.confirm(words.ask)) return;
      const data = new FormData();
      data.set("remove", remove.value);
      queue(row, () => changeFiles(row, data));
    } else if (take && row) {
      const box = row.querySelector(".ev-box-actual :is(input, select)");
      box.value = take.dataset.take;
      box.focus();
      save(row);
    }
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    rows().forEach(save);
    [...files.keys()].forEach(sendFiles);
  });

  window.addEventListener("beforeunload", (event) => {
    if (busyOrDirty()) event.preventDefault();
  });

  rows().forEach((row) => { row.dataset.kept = valuesOf(row); });
  page.querySelectorAll(".ev-take").forEach((button) => { button.hidden = false; });
  page.querySelectorAll("tr.ev-refused[data-own]").forEach((row) => { row.dataset.kept = ""; failed.add(row); });
  say();
})();
