/* The session of an open page: the token that it takes now, and one dialog that logs one in again in place. */
window.evSession = (() => {
  "use strict";

  const page = () => document.getElementById("ev-typed");
  const account = () => page()?.dataset.account || "";
  let asking = null;

  // A log-in in another tab gives the browser a new token: the page's own is refused from then on.
  function token() {
    const found = document.cookie.split("; ").find((cookie) => cookie.startsWith("csrftoken="));
    if (found) return decodeURIComponent(found.slice("csrftoken=".length));
    return document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  }
  function headers() { return { "X-Requested-With": "fetch", "X-Form": "1", "X-Account": account(), "X-CSRFToken": token() }; }

  async function state() {
    const response = await fetch(page().dataset.session, { headers: { "X-Requested-With": "fetch" } });
    return response.json();
  }
  const pathOf = (address) => new URL(address, window.location.href).pathname;
  const isLogin = (address) => pathOf(address) === pathOf(page().dataset.login);

  async function logIn(form) {
    await state(); // sets the cookie of the token where it is gone
    const data = new FormData(form);
    data.set("csrfmiddlewaretoken", token());
    data.set("next", page().dataset.session);
    const response = await fetch(page().dataset.login, { method: "POST", body: data, headers: { "X-Form": "1" } });
    if (!response.headers.has("X-Location")) return page().dataset.wrong;
    return String((await state()).account) === account() ? "" : page().dataset.other;
  }

  // One dialog at a time; the promise says whether the person is logged in again.
  function askLogin() {
    asking ||= new Promise((resolve) => {
      const dialog = page().content.querySelector(".ev-login-again").cloneNode(true);
      const says = dialog.querySelector("[data-says]");
      const end = (done) => { asking = null; dialog.close(); dialog.remove(); resolve(done); };
      const say = (sentence) => { says.textContent = sentence; says.hidden = !sentence; };
      dialog.querySelector("form").addEventListener("submit", async (event) => {
        event.preventDefault();
        try {
          const sentence = await logIn(event.target);
          if (sentence) say(sentence); else end(true);
        } catch { say(page().dataset.away); }
      });
      dialog.querySelector("[data-later]").addEventListener("click", () => end(false));
      dialog.addEventListener("cancel", (event) => { event.preventDefault(); end(false); });
      document.body.append(dialog);
      dialog.showModal();
      dialog.querySelector("[name=password]").focus();
    });
    return asking;
  }

  /* Post as the person of this page. The answer is a Response, or {sentence} for what kept it from the server: no line,
     another account, a session that has ended and was not renewed. `body` is called again for each try. */
  async function post(address, body, more = {}) {
    for (let tries = 0; ; tries += 1) {
      let response;
      try {
        const data = body();
        data.set("csrfmiddlewaretoken", token());
        response = await fetch(address, { method: "POST", body: data, headers: { ...headers(), ...more } });
      } catch {
        return { sentence: page().dataset.away, away: true };
      }
      const next = response.headers.get("X-Location");
      const ended = next ? isLogin(next) : false;
      if (response.status !== 403 && response.status !== 409 && !ended) return response;
      if (tries > 1) return response;
      const now = await state().catch(() => null);
      if (!now) return { sentence: page().dataset.away, away: true };
      if (String(now.account) === account()) { if (tries) return response; continue; } // only the token was old
      if (!(await askLogin())) return { sentence: now.account ? page().dataset.other : page().dataset.failed, ended: true };
    }
  }

  document.addEventListener("submit", (event) => { // forms that the browser sends itself
    const box = event.target.querySelector("[name=csrfmiddlewaretoken]");
    if (box) box.value = token();
  }, true);

  return { post, token, headers, askLogin, state, account, isLogin };
})();
