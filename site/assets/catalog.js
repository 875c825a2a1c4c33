// Material leaves its search dialogue without a name; screen readers need one.
document.querySelectorAll(".md-search").forEach((search) => search.setAttribute("aria-label", "Search"));

// Material wraps wide tables in a box that scrolls; the keyboard must be able to reach it.
const reachTables = () =>
  document.querySelectorAll(".md-typeset__scrollwrap").forEach((box) => box.setAttribute("tabindex", "0"));
new MutationObserver(reachTables).observe(document.body, { childList: true, subtree: true });
reachTables();
