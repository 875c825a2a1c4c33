// The numbers of a law's page: each permanent id gets a button that copies it, and says so.

const told = document.createElement("p");
told.className = "told";
told.setAttribute("role", "status");
document.querySelector(".md-content__inner").append(told);

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

for (const link of document.querySelectorAll("a.cite")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "copy";
  button.setAttribute("aria-label", `copy ${link.dataset.id}`);
  button.addEventListener("click", async () => {
    const done = await copy(link.dataset.id);
    told.textContent = done ? `Copied: ${link.dataset.id}` : `Copy this: ${link.dataset.id}`;
    button.textContent = done ? "copied" : "copy";
    setTimeout(() => {
      button.textContent = "copy";
      told.textContent = "";
    }, 4000);
  });
  link.after(" ", button);
}
