/* A Jalali date picker beside a text input that stays typable. Markup: templates/evaluation/widgets/jalali.html.
   Keys in the grid: arrows for days and weeks, Home and End for the week, Page Up and Down for months (with Shift: years),
   Enter or Space to choose, Escape to leave. */
(() => {
  "use strict";

  const LEAP = [1, 5, 9, 13, 17, 22, 26, 30]; // of the 33-year round, as jdatetime counts
  const isLeap = (year) => LEAP.includes(((year % 33) + 33) % 33);
  const daysIn = (year, month) => (month < 7 ? 31 : month < 12 || isLeap(year) ? 30 : 29);

  // Days since 1 Farvardin 1404, a Friday; the week begins on Saturday (0).
  function dayNumber({ year, month, day }) {
    let days = day - 1;
    for (let m = 1; m < month; m += 1) days += daysIn(year, m);
    for (let y = 1404; y < year; y += 1) days += isLeap(y) ? 366 : 365;
    for (let y = year; y < 1404; y += 1) days -= isLeap(y) ? 366 : 365;
    return days;
  }
  const weekday = (date) => (((dayNumber(date) + 6) % 7) + 7) % 7;

  function addMonths(date, count) {
    const months = date.year * 12 + date.month - 1 + count;
    const year = Math.floor(months / 12);
    const month = (months % 12) + 1;
    return { year, month, day: Math.min(date.day, daysIn(year, month)) };
  }

  function addDays(date, count) {
    let { year, month, day } = date;
    day += count;
    while (day < 1) {
      ({ year, month } = addMonths({ year, month, day: 1 }, -1));
      day += daysIn(year, month);
    }
    while (day > daysIn(year, month)) {
      day -= daysIn(year, month);
      ({ year, month } = addMonths({ year, month, day: 1 }, 1));
    }
    return { year, month, day };
  }

  const persian = () => document.documentElement.lang === "fa";
  const shown = (text) => (persian() ? String(text).replace(/\d/g, (d) => "۰۱۲۳۴۵۶۷۸۹"[d]) : String(text));
  const latin = (text) => text.replace(/[۰-۹]/g, (d) => d.charCodeAt(0) - 0x06f0).replace(/[٠-٩]/g, (d) => d.charCodeAt(0) - 0x0660);
  const two = (value) => String(value).padStart(2, "0");

  function read(text) {
    const found = latin(text || "").match(/(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})/);
    if (!found) return null;
    const [year, month, day] = found.slice(1).map(Number);
    return year < 1900 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) ? { year, month, day } : null;
  }

  let open = null;

  function close(focus) {
    if (!open) return;
    const { box, button } = open;
    box.remove();
    button.setAttribute("aria-expanded", "false");
    open = null;
    if (focus) button.focus();
  }

  function choose(input, date) {
    const clock = latin(input.value).match(/\d{1,2}:\d{2}(:\d{2})?/);
    let text = `${date.year}/${two(date.month)}/${two(date.day)}`;
    if (input.dataset.jalali === "datetime") text += ` ${clock ? clock[0] : input.dataset.clock || "00:00"}`;
    input.value = shown(text);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    close(true);
  }

  function element(name, attributes = {}, text = "") {
    const made = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.textContent = text;
    return made;
  }

  function draw(state) {
    const { box, input, words, at, today } = state;
    box.textContent = "";
    const top = element("div", { class: "ev-calendar-top" });
    const step = (label, sign, months) => {
      const button = element("button", { type: "button", "aria-label": label, title: label }, sign);
      button.addEventListener("click", () => { state.at = addMonths(state.at, months); draw(state); });
      return button;
    };
    const [back, forth] = document.documentElement.dir === "rtl" ? ["›", "‹"] : ["‹", "›"];
    top.append(
      step(words.year_before, back + back, -12), step(words.month_before, back, -1),
      element("strong", { "aria-live": "polite" }, `${words.months[at.month - 1]} ${shown(at.year)}`),
      step(words.month_after, forth, 1), step(words.year_after, forth + forth, 12),
    );
    const table = element("table", { role: "grid", "aria-label": words.title });
    const head = table.createTHead().insertRow();
    words.weekdays.forEach((name) => head.append(element("th", { scope: "col", abbr: name, "aria-label": name }, persian() ? name[0] : name.slice(0, 2))));
    const body = table.createTBody();
    let row = body.insertRow();
    for (let empty = 0; empty < weekday({ ...at, day: 1 }); empty += 1) row.insertCell();
    const chosen = read(input.value);
    const same = (a, b) => a && b && a.year === b.year && a.month === b.month && a.day === b.day;
    for (let day = 1; day <= daysIn(at.year, at.month); day += 1) {
      const date = { ...at, day };
      const place = weekday(date);
      if (place === 0 && day > 1) row = body.insertRow();
      const button = element("button", {
        type: "button", tabindex: day === at.day ? "0" : "-1", "aria-pressed": String(Boolean(same(date, chosen))),
        "aria-label": `${words.weekdays[place]} ${shown(day)} ${words.months[at.month - 1]} ${shown(at.year)}`,
      }, shown(day));
      if (place === 6) button.classList.add("ev-friday");
      if (same(date, today)) button.setAttribute("aria-current", "date");
      button.addEventListener("click", () => choose(input, date));
      row.insertCell().append(button);
    }
    const foot = element("div", { class: "ev-calendar-foot" });
    const now = element("button", { type: "button" }, words.today);
    now.addEventListener("click", () => choose(input, today));
    const none = element("button", { type: "button" }, words.clear);
    none.addEventListener("click", () => { input.value = ""; input.dispatchEvent(new Event("change", { bubbles: true })); close(true); });
    foot.append(now, none);
    box.append(top, table, foot);
  }

  function onKey(state, event) {
    if (event.key === "Escape") { event.stopPropagation(); close(true); return; }
    if (!event.target.closest("tbody")) return;
    const forward = document.documentElement.dir === "rtl" ? -1 : 1;
    const moves = {
      ArrowRight: () => addDays(state.at, forward), ArrowLeft: () => addDays(state.at, -forward),
      ArrowDown: () => addDays(state.at, 7), ArrowUp: () => addDays(state.at, -7),
      Home: () => addDays(state.at, -weekday(state.at)), End: () => addDays(state.at, 6 - weekday(state.at)),
      PageDown: () => addMonths(state.at, event.shiftKey ? 12 : 1), PageUp: () => addMonths(state.at, event.shiftKey ? -12 : -1),
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    state.at = moves[event.key]();
    draw(state);
    state.box.querySelector("tbody button[tabindex='0']").focus();
  }

  function show(button) {
    const holder = button.closest(".ev-date");
    const input = holder.querySelector("input");
    if (open && open.button === button) { close(true); return; }
    close(false);
    const words = JSON.parse(holder.dataset.words);
    const today = read(holder.dataset.today);
    const box = element("div", { class: "ev-calendar", role: "dialog", "aria-label": words.title });
    const state = { box, input, button, words, today, at: read(input.value) || today };
    open = state;
    holder.append(box);
    box.addEventListener("keydown", (event) => onKey(state, event));
    draw(state);
    if (box.getBoundingClientRect().bottom > window.innerHeight && holder.getBoundingClientRect().top > 360) box.classList.add("ev-above-input");
    button.setAttribute("aria-expanded", "true");
    box.querySelector("tbody button[tabindex='0']").focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".ev-date-open");
    if (button) { event.preventDefault(); show(button); } else if (open && !event.target.closest(".ev-calendar") && open.box.isConnected) close(false);
  });
})();
