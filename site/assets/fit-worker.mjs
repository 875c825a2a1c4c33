// Runs a fit beside the page, so that the page answers meanwhile and can stop it.

import { fit } from "./fitting.mjs";

addEventListener("message", async ({ data: { module, ...task } }) => {
  try {
    const { law } = await import(module);
    const progress = (done, all) => postMessage({ done, all });
    postMessage({ result: fit({ ...task, law, progress }) });
  } catch (error) {
    postMessage({ refused: error.message });
  }
});
