// The page for addresses that do not exist: which pages have the nearest addresses.


/** How many letters must be put in, left out or changed to make one word of another. */
export function distance(one, other) {
  let row = [...Array(other.length + 1).keys()];
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[other.length];
}

/**
 * The pages nearest to an address, best first.
 * @param {string} wanted the address within the site
 * @param {{at: string, title: string, to?: string}[]} pages every address; `to` where an old one leads elsewhere
 */
export function nearest(wanted, pages, count = 6) {
  const plain = (text) => decodeURIComponent(text).toLowerCase().replace(/\/+$|\.html?$|\/index\.html?$/g, "");
  const asked = plain(wanted);
  const last = asked.split("/").pop();
  const scored = pages.map((page) => {
    const at = plain(page.at);
    const length = Math.max(asked.length, at.length, 1);
    const end = at.split("/").pop();
    const whole = distance(asked, at) / length;
    const part = distance(last, end) / Math.max(last.length, end.length, 1);
    return { ...page, score: Math.min(whole, 0.1 + part) };
  });
  const found = new Map();
  for (const page of scored.filter((each) => each.score < 0.5).sort((a, b) => a.score - b.score)) {
    const to = page.to ?? page.at;
    if (!found.has(to)) found.set(to, { to, title: page.title, score: page.score });
  }
  return [...found.values()].slice(0, count);
}
