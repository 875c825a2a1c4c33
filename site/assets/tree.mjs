// The taxonomy's tree: words narrow it down, one button opens or closes all of it, arrows walk it. Without this it is
// nested lists that open and close by themselves.

import { element } from "./element.mjs";

const place = document.querySelector(".topic-tree");
const items = [...place.querySelectorAll("li")];
const branches = [...place.querySelectorAll("details")];
const ownText = new Map(
  items.map((item) => {
    const [summary, ...parts] = [...item.firstElementChild.children].filter((each) => each.tagName !== "UL");
    return [item, [summary, ...parts].map((each) => each.textContent).join(" ").toLowerCase()];
  }),
);
const opening = new Map(branches.map((branch) => [branch, branch.open]));

const words = element("input", { id: "tree-words", type: "search", autocomplete: "off", oninput: narrow });
const all = element("button", { type: "button", onclick: toggleAll }, "Open all");
const told = element("span", { class: "note", role: "status" });
const label = element("label", { for: "tree-words" }, "Topics and papers with the words");
place.prepend(element("div", { class: "tree-controls" }, label, words, all, told));

/** Show the topics that hold every word, and those above them; none of the words, and the tree is as it opened. */
function narrow() {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = items.filter((item) => wanted.every((word) => ownText.get(item).includes(word)));
  const shown = new Set(found);
  for (const item of found) for (let above = item.parentElement.closest("li"); above; above = above.parentElement.closest("li")) shown.add(above);
  for (const item of items) item.hidden = !shown.has(item);
  // What matches stands open, and so does what leads to it.
  for (const branch of branches) branch.open = wanted.length > 0 ? shown.has(branch.parentElement) : opening.get(branch);
  told.textContent = wanted.length > 0 ? `${found.length} of ${items.length} topics` : "";
}

function toggleAll() {
  const open = branches.some((branch) => !branch.open);
  for (const branch of branches) branch.open = open;
}

function nameButton() {
  all.textContent = branches.some((branch) => !branch.open) ? "Open all" : "Close all";
}
for (const branch of branches) branch.addEventListener("toggle", nameButton);

place.addEventListener("keydown", (event) => {
  const summary = event.target.closest("summary");
  if (summary === null || event.altKey || event.ctrlKey || event.metaKey) return;
  const branch = summary.parentElement;
  const seen = [...place.querySelectorAll("summary")].filter((each) => each.checkVisibility());
  const here = seen.indexOf(summary);
  const above = branch.parentElement.parentElement.closest("details")?.firstElementChild;
  const inner = branch.querySelector(":scope > ul summary");
  const moves = {
    ArrowDown: () => seen[here + 1]?.focus(),
    ArrowUp: () => seen[here - 1]?.focus(),
    Home: () => seen[0].focus(),
    End: () => seen.at(-1).focus(),
    ArrowRight: () => (branch.open ? inner?.focus() : (branch.open = true)),
    ArrowLeft: () => (branch.open ? (branch.open = false) : above?.focus()),
  };
  if (!(event.key in moves)) return;
  event.preventDefault();
  moves[event.key]();
});

/** An address with a topic opens the way to it. */
function follow() {
  const item = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!item || !place.contains(item)) return;
  for (let branch = item.querySelector("details"); branch; branch = branch.parentElement.closest("details")) branch.open = true;
  item.scrollIntoView();
}
addEventListener("hashchange", follow);
follow();
nameButton();
