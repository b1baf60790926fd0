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

  // A browser lays out a table as a whole, which takes long for a thousand rows. With columns of
  // known width each row stands alone, and one that is out of sight costs nothing. To know the
  // widths, a column's longest texts are laid out as a table once.
  function settle() {
    const longest = new Set(heads.flatMap((_, at) => rows.reduce(
      (best, row) => (row.cells[at].textContent.length > best.cells[at].textContent.length ? row : best),
      rows[0])));
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const before = rows.map((row) => row.hidden);
    table.className = "measured";
    rows.forEach((row) => { row.hidden = !longest.has(row); });
    const widths = heads.map((head) => (Math.ceil(head.getBoundingClientRect().width) + 1) / rem);
    const heights = [...longest].map((row) => row.getBoundingClientRect().height / rem);
    table.style.setProperty("--columns", widths.map((w) => `minmax(${w}rem,${w}fr)`).join(" "));
    table.style.setProperty("--row", `${Math.max(...heights)}rem`);
    table.className = "settled";
    rows.forEach((row, at) => { row.hidden = before[at]; });
  }

  // what such rows no longer say by themselves to all readers of screens
  function name() {
    table.setAttribute("role", "table");
    [table.tHead, body].forEach((group) => group.setAttribute("role", "rowgroup"));
    [...table.rows].forEach((row) => {
      row.setAttribute("role", "row");
      [...row.cells].forEach((cell) => cell.setAttribute("role",
        cell.tagName === "TD" ? "cell" : cell.scope === "col" ? "columnheader" : "rowheader"));
    });
  }

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
  if (rows.length > 100) {
    name();
    settle();
    matchMedia("(max-width:40rem)").addEventListener("change", settle);
  }
  sort(0, false);
  filter();
})();
