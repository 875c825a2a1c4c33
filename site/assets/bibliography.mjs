// The papers' page: rows are chosen by checkbox, and the BibTeX of the choice is copied or shown.

import { element } from "./element.mjs";

const place = document.querySelector(".bibliography");
const file = await (await fetch(new URL(place.dataset.bibtex, location.href))).text();
const entries = new Map(
  file.split(/^(?=@)/m).map((text) => [text.match(/^@\w+\{([^,\s]+),/)?.[1], `${text.trim()}\n`]).filter(([key]) => key),
);

const boxes = [];
for (const row of place.querySelectorAll("tbody tr")) {
  const link = row.querySelector("a[href]");
  const key = link && new URL(link.href).pathname.split("/").filter(Boolean).pop();
  if (!entries.has(key)) continue;
  const box = element("input", { type: "checkbox", value: key, "aria-label": `Select ${link.textContent}`, onchange: tell });
  row.cells[0].prepend(box, " ");
  boxes.push(box);
}

const every = element("button", { type: "button", onclick: chooseAll }, "Select all");
const copy = element("button", { type: "button", onclick: copyChosen });
const text = element("textarea", { readonly: true, rows: "8", "aria-label": "BibTeX of the selection", hidden: true });
const status = element("span", { role: "status" });
const bar = element("div", { class: "selection", role: "group", "aria-label": "BibTeX of a selection" }, every, copy, status, text);
const chosen = () => boxes.filter((box) => box.checked);

function tell() {
  const count = chosen().length;
  every.textContent = count === boxes.length ? "Select none" : "Select all";
  copy.textContent = `Copy BibTeX of the selection (${count})`;
  copy.disabled = count === 0;
  status.textContent = "";
  text.hidden = true;
}

function chooseAll() {
  const all = chosen().length < boxes.length;
  for (const box of boxes) box.checked = all;
  tell();
}

async function copyChosen() {
  const keys = chosen().map((box) => box.value);
  const bibtex = keys.map((key) => entries.get(key)).join("\n");
  try {
    await navigator.clipboard.writeText(bibtex);
    status.textContent = `Copied ${keys.length} ${keys.length === 1 ? "entry" : "entries"}.`;
  } catch {
    // Without leave to write to the clipboard the text is there to be copied by hand.
    text.value = bibtex;
    text.hidden = false;
    text.select();
    status.textContent = "Copy the text below.";
  }
}

tell();
place.prepend(bar);
