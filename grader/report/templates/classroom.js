"use strict";
// Sorts and filters the table of students. Nothing is built from text: rows are moved and hidden.
(() => {
  const table = document.getElementById("table");
  if (!table) return;
  const body = table.tBodies[0], rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const form = document.querySelector("form.tools"), told = form.querySelector("[role=status]");
  const find = document.getElementById("find");
  const state = document.getElementById("state"), sign = document.getElementById("sign");
  const language = document.documentElement.lang;
  const collator = new Intl.Collator(language, { numeric: true });
  const sorted = { column: 0, descending: false };
  const keys = new Map(), fold = (text) => text.normalize("NFKD").toLowerCase();
  let haystack = null, order = "";

  // what a column's cells are sorted by; text by its place in the language's order, found once
  function values(column) {
    if (!keys.has(column)) {
      let found = rows.map((row) => row.cells[column].dataset.v);
      if ("text" in heads[column].dataset) {
        const texts = rows.map((row) => row.cells[column].textContent);
        const places = new Map([...new Set(texts)].sort(collator.compare).map((text, at) => [text, at]));
        found = texts.map((text) => (text ? places.get(text) : undefined));
      }
      keys.set(column, found.map((value) => (value === undefined ? null : Number(value))));
    }
    return keys.get(column);
  }

  function sort(column, descending) {
    const by = values(column), sense = descending ? -1 : 1;
    const places = rows.map((_, at) => at).sort((a, b) => {
      if (by[a] === null || by[b] === null) return (by[a] === null) - (by[b] === null) || a - b;
      return sense * (by[a] - by[b]) || a - b;
    });
    body.append(...places.map((at) => rows[at]));
    heads.forEach((head, at) => {
      const now = at === column ? (descending ? "descending" : "ascending") : "none";
      head.setAttribute("aria-sort", now);
    });
    Object.assign(sorted, { column, descending });
    const name = heads[column].title || heads[column].textContent.trim();
    const words = descending ? told.dataset.descending : told.dataset.ascending;
    order = words.replace("{column}", () => name);
  }

  const has = (list, one) => !one || (" " + (list || "") + " ").includes(" " + one + " ");

  function filter() {
    const words = fold(find.value).split(/\s+/).filter(Boolean);
    if (words.length && !haystack) {
      const last = heads.findIndex((head) => head.classList.contains("num"));
      haystack = rows.map((row) => fold([...row.cells].slice(0, last).map((c) => c.textContent).join(" ")));
    }
    let shown = 0;
    rows.forEach((row, at) => {
      const fits = has(row.dataset.state, state.value) && has(row.dataset.sign, sign && sign.value)
        && words.every((word) => haystack[at].includes(word));
      if (row.hidden === fits) row.hidden = !fits;
      shown += fits;
    });
    const say = { shown: shown.toLocaleString(language), total: rows.length.toLocaleString(language) };
    told.textContent = told.dataset.shown.replace(/\{(\w+)\}/g, (_, name) => say[name]) + " " + order;
  }

  table.tHead.addEventListener("click", (event) => {
    const head = event.target.closest("th");
    if (!head || !event.target.closest("button")) return;
    sort(head.cellIndex, head.getAttribute("aria-sort") === "ascending");
    filter();
  });
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { sort(0, false); filter(); }));
  document.querySelectorAll("button[data-sign]").forEach((button) => {
    button.addEventListener("click", () => {
      find.value = state.value = "";
      sign.value = button.dataset.sign;
      filter();
      const head = document.getElementById("students-head");
      head.scrollIntoView();
      head.focus({ preventScroll: true });
    });
  });
  window.addEventListener("pageshow", filter); // a browser that comes back fills the form in again
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("details").forEach((one) => { one.open = true; });
  });
  document.querySelectorAll(".js").forEach((one) => { one.hidden = false; });
  sort(0, false);
  filter();
})();
