// Opening a line of the manuscript in the user's editor.

import { data, post } from "./server.js";
import { byId, element, recalled, remember } from "./settings.js";

const COMMAND = "command";

let editors = {};
let folder = "";
let chosen = "";

/** Ask which editors there are, and offer them. */
export async function prepareEditors() {
  const known = await data("/editors.json");
  if (!known) return;
  ({ editors, folder, chosen } = known);
  const remembered = recalled("editor", "");
  // A command was given for this run, so it goes before what was chosen in another.
  if (chosen !== COMMAND && remembered in editors) chosen = remembered;
  const select = byId("editor");
  const options = Object.entries(editors).map(([name, [title]]) =>
    element("option", { value: name, textContent: title }),
  );
  select.replaceChildren(...options);
  select.value = chosen;
  select.onchange = () => {
    chosen = select.value;
    remember("editor", chosen);
  };
}

/** Return the title of the chosen editor. */
export function editorTitle() {
  return editors[chosen]?.[0] ?? "the editor";
}

/** Return the address that opens a line, empty if a command does it. */
export function addressOf(path, line) {
  const pattern = editors[chosen]?.[1] ?? "";
  const whole = `${folder}/${path}`.split("/").map(encodeURIComponent).join("/");
  return pattern.replace("{path}", () => whole).replace("{line}", String(line || 1));
}

/** Open a line in the editor; false if its command did not start. */
export async function openInEditor(path, line) {
  if (chosen === COMMAND) return post("/open", { path, line: line || 1 });
  const address = addressOf(path, line);
  if (!address) return false;
  const link = element("a", { href: address });
  link.click();
  return true;
}
