// Sets the colour mode before anything is painted: as chosen here before, else as the
// system has it. Also tells the stylesheet, by its attribute, that scripts run.
(() => {
  let mode = null;
  try {
    mode = localStorage.getItem("mode");
  } catch {
    // Storage is off: the system's mode it is.
  }
  if (mode !== "light" && mode !== "dark") mode = "auto";
  const dark = mode === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : mode === "dark";
  Object.assign(document.documentElement.dataset, { mode, theme: dark ? "dark" : "light" });
  // Where frame.js does not arrive nothing opens the menu: the page is as without scripts.
  addEventListener("error", ({ target }) => {
    if (target instanceof HTMLScriptElement && /\bframe\.js/.test(target.src)) {
      delete document.documentElement.dataset.mode;
    }
  }, true);
})();
