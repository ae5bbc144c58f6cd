/* A form is sent by this script, so that the page with what was typed stays until the server has taken it: after an
   expired session one logs in again in place, an error or a lost line says so above the form, a chosen file stays. */
(() => {
  "use strict";

  const page = () => document.getElementById("ev-typed");
  const FILES = "ev-files";

  // A box may be called “action” or “method” and then hides the form's own property: the attributes are asked.
  const isPost = (form) => (form.getAttribute("method") || "").toLowerCase() === "post";
  const addressOf = (form, submitter) =>
    new URL(submitter?.getAttribute("formaction") || form.getAttribute("action") || window.location.href, window.location.href).href;

  function ours(form) {
    if (!page() || !isPost(form) || form.hasAttribute("hx-post") || form.getAttribute("target")) return false;
    if (form.matches("[data-plain], #logout-form, #changelist-form, #lines-form, #login-form")) return false;
    return [...form.elements].some((box) => box.matches("textarea, input:not([type=hidden], [type=submit]), select"));
  }

  function say(form, sentence) {
    let place = form.querySelector(":scope > .ev-unsent");
    if (!place) {
      place = document.createElement("p");
      place.className = "ev-note ev-danger ev-unsent";
      place.setAttribute("role", "alert");
      place.tabIndex = -1;
      form.prepend(place);
    }
    place.textContent = sentence;
    place.hidden = !sentence;
    if (sentence) place.focus();
  }

  // The words of a page that is not the form: an error page has a heading and a sentence.
  async function wordsOf(response) {
    const text = await response.text();
    if (!(response.headers.get("Content-Type") || "").includes("html")) return text.slice(0, 500);
    const shown = new DOMParser().parseFromString(text, "text/html").querySelector("main");
    const sentence = [...(shown?.querySelectorAll("h1, p") || [])].map((each) => each.textContent.trim()).slice(0, 2);
    return [...sentence, page().dataset.failed].join(" · ");
  }

  async function save(response) {
    const named = /filename\*?=(?:UTF-8'')?"?([^";]+)/i.exec(response.headers.get("Content-Disposition"));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = named ? decodeURIComponent(named[1]) : "";
    link.click();
    URL.revokeObjectURL(link.href);
  }

  // -- chosen files, kept in this browser over the page that shows a refused form again
  function base() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open(FILES, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("files");
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }
  async function inBase(mode, work) {
    const opened = await base();
    try {
      return await new Promise((resolve, reject) => {
        const change = opened.transaction("files", mode);
        const asked = work(change.objectStore("files"));
        change.oncomplete = () => resolve(asked?.result);
        change.onerror = () => reject(change.error);
      });
    } finally { opened.close(); }
  }
  const chosen = (root) => [...root.querySelectorAll("input[type=file]")].filter((box) => box.name && box.files.length);
  const filesOf = (root) => Object.fromEntries(chosen(root).map((box) => [box.name, [...box.files]]));
  function putFiles(root, files) {
    for (const [name, list] of Object.entries(files)) {
      const box = root.querySelector(`input[type=file][name="${CSS.escape(name)}"]`);
      if (!box || box.files.length) continue;
      const holder = new DataTransfer();
      list.forEach((file) => holder.items.add(file));
      box.files = holder.files;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  // Nothing of a refused form was saved: the browser sends it once more and shows the answer as its own page.
  async function showRefusal(form, submitter) {
    const files = filesOf(form);
    if (Object.keys(files).length) {
      const kept = { files, account: page().dataset.account, path: window.location.pathname };
      await inBase("readwrite", (store) => store.put(kept, "refused")).catch(() => null);
      sessionStorage.setItem(FILES, window.location.pathname);
    }
    if (submitter?.name) {
      const pressed = document.createElement("input");
      Object.assign(pressed, { type: "hidden", name: submitter.name, value: submitter.value });
      form.append(pressed);
    }
    form.querySelector("[name=csrfmiddlewaretoken]").value = window.evSession.token();
    form.dataset.taken = "1"; // the page that comes has the text
    leave();
    HTMLFormElement.prototype.submit.call(form);
  }

  async function bringFiles() {
    if (!page() || !sessionStorage.getItem(FILES)) return;
    sessionStorage.removeItem(FILES);
    const kept = await inBase("readonly", (store) => store.get("refused")).catch(() => null);
    await inBase("readwrite", (store) => store.clear()).catch(() => null);
    if (kept && kept.account === page().dataset.account && kept.path === window.location.pathname) putFiles(document, kept.files);
  }

  // Unfold asks before a page with a changed form is left: not when we leave it because it was sent.
  let leaving = false;
  function leave() { leaving = true; }
  window.addEventListener("beforeunload", (event) => { if (leaving) event.stopImmediatePropagation(); }, true);

  async function send(form, submitter) {
    say(form, "");
    window.evDrafts.write(form);
    const address = addressOf(form, submitter);
    const answer = await window.evSession.post(address, () => new FormData(form, submitter));
    if (answer.sentence) return say(form, answer.sentence);
    const next = answer.headers.get("X-Location");
    if (next) {
      form.dataset.taken = "1";
      window.evDrafts.taken(form);
      leave();
      const to = new URL(next, address);
      if (to.pathname + to.search === window.location.pathname + window.location.search) {
        if (to.hash) window.location.hash = to.hash;
        return window.location.reload();
      }
      return window.location.assign(to.href);
    }
    if (!answer.ok) return say(form, await wordsOf(answer));
    if ((answer.headers.get("Content-Disposition") || "").startsWith("attachment")) return save(answer);
    return showRefusal(form, submitter);
  }

  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || !ours(form)) return;
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "1";
    try { await send(form, submitter); } finally {
      delete form.dataset.sending;
      if (!leaving) form.dispatchEvent(new CustomEvent("ev:stayed", { bubbles: true }));
    }
  });
  window.addEventListener("load", () => setTimeout(bringFiles));

  // -- dialogs: htmx sends them, and replaces the whole form by the refused one
  let files = {};
  const formOf = (event) => event.target.closest?.("form") || event.detail.elt?.closest?.("form");
  const isGet = (event) => (event.detail.requestConfig?.verb || "get") === "get";

  function again(event) {
    const element = event.detail.requestConfig?.elt || event.detail.elt;
    if (element.requestSubmit) element.requestSubmit(); else element.click();
  }

  // What came instead of an answer of ours: the login page, or a refusal that would replace the form.
  async function putRight(event) {
    const { xhr } = event.detail;
    const form = formOf(event);
    const now = await window.evSession.state().catch(() => null);
    if (!now) return form && say(form, page().dataset.away);
    if (String(now.account) !== page().dataset.account) {
      if (await window.evSession.askLogin()) again(event);
      else if (form) say(form, page().dataset.failed);
      return null;
    }
    if (!form) return window.location.reload();
    if (xhr.status === 403 && !form.dataset.again) { form.dataset.again = "1"; return again(event); }
    const headers = { "Content-Type": xhr.getResponseHeader("Content-Type") || "" };
    return say(form, await wordsOf(new Response(xhr.responseText, { headers })));
  }

  document.addEventListener("htmx:configRequest", (event) => {
    if (!page() || event.detail.verb === "get") return;
    const token = window.evSession.token();
    Object.assign(event.detail.headers, { "X-CSRFToken": token, "X-Account": page().dataset.account });
    if (event.detail.parameters.set) event.detail.parameters.set("csrfmiddlewaretoken", token);
    else event.detail.parameters.csrfmiddlewaretoken = token;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    const login = (xhr.responseText || "").includes('id="login-form"');
    if (page() && (login || (xhr.status >= 400 && !isGet(event)))) {
      event.detail.shouldSwap = false;
      event.detail.isError = false;
      putRight(event);
      return;
    }
    if ([400, 403, 404, 409].includes(xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
    const form = event.target.querySelector?.("form") || event.target.closest?.("form");
    files = form ? filesOf(form) : {};
  });
  document.addEventListener("htmx:afterSwap", () => { putFiles(document, files); files = {}; });
  document.addEventListener("htmx:sendError", (event) => {
    const form = formOf(event);
    if (form && page()) say(form, page().dataset.away);
  });
})();
