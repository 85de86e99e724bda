// What can be done about an incident from the page; see docs/bridge.md.
import { element } from "./dom.js";

const TITLES = { ack: "Ack", silence1h: "Silence 1 h", silence4h: "Silence 4 h", silence: "Silence …", unsilence: "Take back", replay: "Send again", discard: "Discard" };
const dialog = document.getElementById("silence");
const name = document.getElementById("who");
const said = document.getElementById("said");

name.value = localStorage.getItem("who") ?? "";
name.addEventListener("change", () => localStorage.setItem("who", name.value.trim()));

/** How people have dealt with an incident, and buttons for what can be done now; null when there is nothing to say. */
export function dealings(id, incident, done) {
  const parts = [];
  if (!incident.closed && incident.state === "acknowledged") parts.push(element("span", { class: "dealt" }, `acknowledged by ${incident.who}`));
  if (!incident.closed && incident.state === "silenced") {
    parts.push(element("span", { class: "dealt" }, `silenced by ${incident.who}${incident.until ? ` until ${new Date(incident.until).toLocaleString(undefined, { hour12: false })}` : ""}`));
  }
  for (const action of incident.actions) {
    const button = element("button", { class: "act", type: "button", "data-action": action, "data-incident": id }, TITLES[action] ?? action);
    button.addEventListener("click", () => (action === "silence" ? ask(id, incident, done) : act({ action, incident: id, version: incident.version }, done)));
    parts.push(button);
  }
  return parts.length ? element("div", { class: "dealings" }, ...parts) : null;
}

/** Messages that were given up, and what can be done about each; null when there are none. */
export function letters(givenUp, done) {
  if (!givenUp.length) return null;
  return element("div", { class: "dealings" }, ...givenUp.flatMap(({ letter, channel, target }) => [
    element("span", { class: "dealt" }, `${channel}${target ? ` to ${target.replaceAll("\n", ", ")}` : ""}: given up`),
    ...["replay", "discard"].map((action) => {
      const button = element("button", { class: "act", type: "button", "data-action": action, "data-letter": letter }, TITLES[action]);
      button.addEventListener("click", () => act({ action, letter }, done, "/bridge/dead-letters/act"));
      return button;
    }),
  ]));
}

async function act(asked, done, address = "/bridge/incidents/act") {
  said.textContent = "…";
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...asked, who: name.value.trim() }),
    });
    const text = await response.text();
    said.textContent = sentence(text);
    said.dataset.done = response.ok;
  } catch (fault) {
    said.textContent = `That did not work: ${fault.message}`;
    said.dataset.done = false;
  }
  await done();
}

function sentence(text) {
  try {
    const { data, error } = JSON.parse(text);
    return data ?? error;
  } catch {
    return text.trim();
  }
}

async function ask(id, incident, done) {
  const preview = document.getElementById("preview");
  preview.textContent = "";
  dialog.returnValue = "";
  dialog.showModal();
  dialog.onclose = () => {
    if (dialog.returnValue === "silence") {
      act({ action: "silence", incident: id, version: incident.version, duration: document.getElementById("duration").value, comment: document.getElementById("comment").value }, done);
    }
  };
  const response = await fetch(`/bridge/incidents?${new URLSearchParams({ id })}`);
  if (response.ok) preview.textContent = (await response.json()).data.preview;
}

/** Addresses that an incident's alerts name, and all of its alerts. */
export async function addresses(id) {
  const response = await fetch(`/bridge/incidents?${new URLSearchParams({ id })}`);
  if (!response.ok) return null;
  const { links } = (await response.json()).data;
  const list = `/bridge/incidents/alerts?${new URLSearchParams({ id })}`;
  const all = [...Object.entries(links), ["all alerts", list], ["as CSV", `${list}&format=csv`]];
  return element("p", { class: "links" }, ...all.flatMap(([title, href]) => [element("a", { href }, title), " "]));
}
