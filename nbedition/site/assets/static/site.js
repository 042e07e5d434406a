// What the pages do: copy, filter claims and figures. No dependencies, no requests.
"use strict";

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const one = (selector, within = document) => within.querySelector(selector);

/* copy buttons */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

function copyFrom(button, text) {
  const words = button.innerHTML;
  button.addEventListener("click", async () => {
    button.textContent = (await copied(text())) ? "Copied" : "Select and copy";
    setTimeout(() => (button.innerHTML = words), 1500);
  });
}

function addCopyButtons() {
  for (const button of all("[data-copy]")) {
    copyFrom(button, () => one("pre", button.parentElement).textContent);
  }
  for (const block of all("div.highlight-sh div.highlight, div.highlight-yaml div.highlight, div.highlight-python div.highlight")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ew-button";
    button.textContent = "Copy";
    block.append(button);
    copyFrom(button, () => one("pre", block).textContent);
  }
}

/* claims: search and filters, kept in the address */
function claims(form) {
  const rows = all("table.ew-claims tbody tr").map((row) => ({ row, words: row.textContent.toLowerCase() }));
  const boxes = all("input[name=verdict]", form);
  const asked = new URLSearchParams(location.search);
  const fields = ["words", "section", "kind", "severity", "outside"];
  for (const name of fields) {
    if (asked.has(name) && form.elements[name]) form.elements[name].value = asked.get(name);
  }
  if (asked.has("verdict")) {
    const wanted = asked.get("verdict").split(",");
    for (const box of boxes) box.checked = wanted.includes(box.value);
  }

  function show() {
    const terms = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const verdicts = boxes.filter((box) => box.checked).map((box) => box.value);
    let count = 0;
    for (const { row, words } of rows) {
      const fits =
        verdicts.includes(row.dataset.verdict) &&
        ["section", "kind", "severity", "outside"].every((name) => !form.elements[name]?.value || form.elements[name].value === row.dataset[name]) &&
        terms.every((term) => words.includes(term));
      row.hidden = !fits;
      count += fits;
    }
    one("[data-count]", form).textContent = `${count} of ${rows.length} claims`;
    const kept = new URLSearchParams();
    for (const name of fields) if (form.elements[name].value) kept.set(name, form.elements[name].value);
    if (verdicts.length < boxes.length) kept.set("verdict", verdicts.join(","));
    const query = kept.toString();
    history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
  }

  /* a head sorts by its column, a second press the other way round; what is nothing comes last */
  const order = { id: (row) => row.id, words: (row) => row.cells[1].textContent.trim() };
  for (const button of all("[data-sort]")) {
    const name = button.dataset.sort;
    const key = order[name] ?? ((row) => row.dataset[name]);
    button.addEventListener("click", () => {
      const head = button.parentElement;
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of all("[data-sort]")) other.parentElement.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const sorted = rows.map(({ row }) => row).sort((a, b) => {
        if (!key(a) || !key(b)) return !key(a) - !key(b);
        return key(a).localeCompare(key(b), "en") * (down ? -1 : 1);
      });
      sorted[0].parentElement.append(...sorted);
    });
  }

  form.addEventListener("input", show);
  form.addEventListener("reset", () => setTimeout(show));
  window.addEventListener("hashchange", () => {
    const row = document.getElementById(location.hash.slice(1));
    if (row && row.hidden) {
      form.reset();
    }
  });
  if ([...asked].length) show();
}

/* figures: by fingerprint, read as leniently as the command line reads it, or by words */
function asMark(text) {
  const last = text.replace(/^.*·|^\s*\d+\.\d+(?=\s)/, "");
  return last.replace(/[\s-]/g, "").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
}

function lookup(form) {
  const input = one("input", form);
  const items = all("[data-items] > li");
  function show() {
    const terms = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const item of items) {
      const mark = asMark(input.value);
      const marked = mark.length >= 4 && asMark(item.dataset.mark).startsWith(mark);
      const fits = marked || terms.every((term) => item.dataset.words.includes(term));
      item.hidden = !fits;
      count += fits;
    }
    one("[data-count]", form).textContent = terms.length
      ? count ? `${count} of ${items.length} figures` : "No figure of this edition has this fingerprint or these words."
      : "";
  }
  input.addEventListener("input", show);
}

addCopyButtons();
for (const form of all("[data-claims]")) claims(form);
for (const form of all("[data-lookup]")) lookup(form);
