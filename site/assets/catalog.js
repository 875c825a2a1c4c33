// Material leaves its search dialogue without a name; screen readers need one.
document.querySelectorAll(".md-search").forEach((search) => search.setAttribute("aria-label", "Search"));
