// The keys.

/** Have keys call the actions, except where text is typed. */
export function listenToKeys(actions) {
  const keys = {
    ArrowRight: () => actions.step(1),
    ArrowLeft: () => actions.step(-1),
    PageDown: () => actions.turn(1),
    PageUp: () => actions.turn(-1),
    Home: actions.first,
    End: actions.last,
    g: actions.goToPage,
    "+": () => actions.zoomBy(1.2),
    "=": () => actions.zoomBy(1.2),
    "-": () => actions.zoomBy(1 / 1.2),
    0: () => actions.setZoom("page"),
    1: () => actions.setZoom(1),
    w: () => actions.setZoom("width"),
    s: actions.layout,
    c: actions.cover,
    v: actions.changes,
    t: () => actions.panel("thumbnails"),
    f: () => actions.panel("findings"),
    e: () => actions.panel("ebook"),
    n: () => actions.finding(1),
    p: () => actions.finding(-1),
    d: actions.theme,
    "?": actions.help,
  };
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input:not([type=checkbox]), select, textarea, dialog[open]");
    if (isTyping && event.key === "Escape") event.target.blur?.();
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
