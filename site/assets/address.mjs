// A page's state in its address: what the reader chose is a step that Back undoes; typing and sliding is none.

/**
 * Put a query into the address, if it is not there.
 *
 * @param query the state, without its question mark; empty for the untouched one.
 * @param chosen whether the reader made a choice, so that the state before it stays one step back.
 */
export function keep(query, chosen = false) {
  const address = `${location.pathname}${query ? `?${query}` : ""}${location.hash}`;
  if (address === `${location.pathname}${location.search}${location.hash}`) return;
  history[chosen ? "pushState" : "replaceState"](null, "", address);
}

/** Show what the address says whenever the reader goes back or forth. */
export function whenReturned(show) {
  addEventListener("popstate", () => show(location.search));
}
