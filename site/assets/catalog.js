// Material leaves its search dialogue without a name; screen readers need one.
document.querySelectorAll(".md-search").forEach((search) => search.setAttribute("aria-label", "Search"));

// Material wraps wide tables in a box that scrolls; the keyboard must be able to reach it.
const reachTables = () =>
  document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])").forEach((box) => box.setAttribute("tabindex", "0"));
new MutationObserver(reachTables).observe(document.body, { childList: true, subtree: true });
reachTables();

// Paper is white: whoever reads in the dark scheme prints in the light one.
const paper = matchMedia("print");
let onScreen = null;
const dressForPaper = () => {
  if (paper.matches && onScreen === null) {
    onScreen = document.body.getAttribute("data-md-color-scheme");
    document.body.setAttribute("data-md-color-scheme", "default");
  } else if (!paper.matches && onScreen !== null) {
    document.body.setAttribute("data-md-color-scheme", onScreen);
    onScreen = null;
  }
};
paper.addEventListener("change", dressForPaper);
