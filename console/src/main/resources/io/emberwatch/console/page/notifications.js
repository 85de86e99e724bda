import { addresses, dealings, letters } from "./actions.js";
import { element, empty, since } from "./dom.js";

const LIMIT = 50;
const KEEP = 500;
const WORDS = {
  received: "received", repeat: "told again", duplicate: "told twice", queued: "queued", delivered: "delivered",
  retry: "failed, will try again", unsure: "may have arrived, will check", dead: "given up", coalesced: "told with a newer state",
  refused: "one receiver refused", deferred: "later for some", progressed: "a part is through", recovered: "goes on after a restart",
  replayed: "sent again", discarded: "discarded", action: "done by people",
};
const list = document.getElementById("list");
const entries = new Map();
const incidents = new Map();
const named = new Map();
const open = new Set(JSON.parse(sessionStorage.getItem("open") ?? "[]"));
let newest = 0;
let live = false;
let interrupted = false;

function query(before) {
  const parameters = new URLSearchParams({ limit: LIMIT });
  for (const name of ["search", "match"]) {
    const value = document.getElementById(name).value.trim();
    if (value) parameters.set(name, value);
  }
  if (document.getElementById("undelivered").checked) parameters.set("undelivered", "true");
  if (before) parameters.set("before", before);
  return parameters;
}

async function load(before) {
  const parameters = query(before);
  const fault = document.getElementById("fault");
  const response = await fetch(`/bridge/notifications?${parameters}`);
  if (!response.ok) {
    fault.textContent = (await response.text()).trim();
    fault.hidden = false;
    return;
  }
  fault.hidden = true;
  const { data } = await response.json();
  if (!before) {
    entries.clear();
    incidents.clear();
    newest = Math.max(newest, data.newest_event);
  }
  keep(data);
  document.getElementById("older").hidden = data.notifications.length < LIMIT;
  remember();
  draw();
}

function keep(data) {
  for (const entry of data.notifications) {
    entries.set(entry.id, entry);
    const known = entry.trail.at(-1)?.id ?? 0;
    (early.get(entry.id) ?? []).filter((event) => event.id > known).forEach((event) => add(entry, event));
    early.delete(entry.id);
  }
  for (const [id, incident] of Object.entries(data.incidents)) incidents.set(id, incident);
}

function remember() {
  const parameters = query();
  parameters.delete("limit");
  history.replaceState(null, "", parameters.size ? `?${parameters}` : location.pathname);
  sessionStorage.setItem("open", JSON.stringify([...open].slice(-KEEP)));
}

function listen() {
  const stream = new EventSource(`/bridge/stream?after=${newest}`);
  stream.onopen = () => {
    live = true;
    if (interrupted) load();
    interrupted = false;
    summarize();
  };
  // A browser comes back by itself after a cut, but not after an answer such as 503.
  stream.onerror = () => {
    live = false;
    interrupted = true;
    summarize();
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  };
  stream.onmessage = (message) => take(JSON.parse(message.data));
}

function take(event) {
  if (event.id <= newest) return;
  newest = event.id;
  const entry = entries.get(event.notification);
  if (entry) {
    add(entry, event);
    draw();
    return;
  }
  // What happens to a notification while it is still asked for is put behind what the answer holds.
  early.set(event.notification, [...(early.get(event.notification) ?? []), event]);
  if (early.size > KEEP) early.delete(early.keys().next().value);
  if (event.event === "received" || event.event === "repeat" || event.event === "action") {
    fresh(event.notification);
  }
}

function add(entry, event) {
  entry.trail.push(event);
  follow(entry, event);
}

const early = new Map();
const wanted = new Set();

/** Asks for what has just come, with the filters that are set; several at once when much comes. */
function fresh(id) {
  wanted.add(id);
  if (wanted.size > 1) return;
  setTimeout(async () => {
    const least = Math.min(...wanted);
    wanted.clear();
    const parameters = query();
    parameters.set("after", least - 1);
    const response = await fetch(`/bridge/notifications?${parameters}`);
    if (response.ok) {
      keep((await response.json()).data);
      draw();
    }
  }, 20);
}

function follow(entry, event) {
  // Which messages were given up, and what people decided about them, stands in the answer alone.
  if (["dead", "refused", "replayed", "discarded"].includes(event.event)) fresh(entry.id);
  const delivery = entry.deliveries.findLast((one) => one.channel === event.channel);
  const state = { delivered: "delivered", coalesced: "delivered", dead: "dead", queued: "queued", retry: "queued", unsure: "queued" }[event.event];
  if (delivery && state) {
    delivery.state = state;
    delivery.code = event.code || delivery.code;
  } else if (!delivery && event.event === "queued") {
    entry.deliveries.push({ channel: event.channel, state: "queued", attempts: 0, code: "" });
  }
}

function draw() {
  const active = document.activeElement;
  const focused = active?.closest?.("[data-notification]")?.dataset.notification;
  const action = active?.dataset?.action;
  const shown = [...entries.values()].sort((a, b) => b.id - a.id).slice(0, KEEP);
  const latest = new Set();
  const rows = shown.map((entry) => {
    const first = entry.incident && !latest.has(entry.incident);
    latest.add(entry.incident);
    return row(entry, first ? incidents.get(entry.incident) : undefined);
  });
  list.replaceChildren(...(rows.length ? rows : [empty(filtered() ? "Nothing that was received is like this." : "Nothing was received yet. What Alertmanager or the rules tell shows up here at once.")]));
  if (focused) {
    const again = list.querySelector(`[data-notification="${focused}"]`);
    (again?.querySelector(`[data-action="${action}"]`) ?? again?.querySelector("button"))?.focus();
  }
  summarize();
}

function filtered() {
  const parameters = query();
  parameters.delete("limit");
  return parameters.size > 0;
}

function summarize() {
  const waiting = [...entries.values()].flatMap((entry) => entry.deliveries).filter((one) => one.state === "queued" || one.state === "leased").length;
  const dead = [...entries.values()].flatMap((entry) => entry.given_up).length;
  const summary = document.getElementById("summary");
  const trouble = [];
  if (dead) trouble.push(`${dead} given up`);
  if (waiting) trouble.push(`${waiting} on the way`);
  summary.textContent = trouble.length ? trouble.join(" · ") : "everything shown is delivered";
  summary.className = dead ? "bad" : waiting ? "" : "good";
  const mark = document.getElementById("fresh");
  mark.textContent = live ? "live" : "reconnecting …";
  mark.dataset.live = live;
}

function row(entry, incident) {
  const firing = !entry.headline.startsWith("[RESOLVED]");
  const severity = /(critical|warning|info)/.exec(entry.detail)?.[1] ?? "info";
  const shown = open.has(entry.id);
  const toggle = element("button", { class: "plain", "aria-expanded": shown, "aria-controls": `trail-${entry.id}` }, entry.headline || entry.detail);
  toggle.addEventListener("click", () => {
    if (open.has(entry.id)) open.delete(entry.id); else open.add(entry.id);
    remember();
    draw();
  });
  return element(
    "div",
    { class: `notice ${firing ? severity : "over"}`, role: "listitem", "data-notification": entry.id },
    element("div", { class: "line" }, toggle, element("span", { class: "since", title: entry.received }, `${since((Date.now() - Date.parse(entry.received)) / 1000)} ago`)),
    element("div", { class: "states" }, element("span", {}, entry.detail), ...entry.deliveries.map(state)),
    letters(entry.given_up, () => fresh(entry.id)),
    incident ? dealings(entry.incident, incident, () => load()) : null,
    shown ? trail(entry) : null,
    shown ? references(entry) : null,
    shown ? element("p", { class: "links" }, element("a", { href: `/bridge/notifications/raw?id=${entry.id}` }, "as it came")) : null,
  );
}

const STATES = { delivered: "✓", dead: "✗ given up", discarded: "✗ given up, discarded", replayed: "↻ sent again" };

function state(delivery) {
  const words = STATES[delivery.state] ?? "… waiting";
  const code = delivery.code && delivery.state !== "delivered" ? ` (${delivery.code})` : "";
  return element("span", { class: `delivery ${delivery.state}`, "data-channel": delivery.channel, "data-state": delivery.state }, `${delivery.channel} ${words}${code}`);
}

function trail(entry) {
  return element(
    "ol",
    { class: "trail", id: `trail-${entry.id}` },
    ...entry.trail.map((event) => element(
      "li",
      { "data-event": event.event },
      element("time", { datetime: event.at }, new Date(event.at).toLocaleTimeString(undefined, { hour12: false })),
      ` ${event.channel ? event.channel + ": " : ""}${WORDS[event.event] ?? event.event}`,
      event.code ? ` ${event.code}` : "",
      event.detail ? element("span", { class: "since" }, ` ${event.detail}`) : null,
    )),
  );
}

/** The addresses of an incident are asked for once, when its trail is first looked at. */
function references(entry) {
  if (!entry.incident || !incidents.has(entry.incident)) return null;
  if (!named.has(entry.incident)) {
    named.set(entry.incident, null);
    addresses(entry.incident).then((links) => { named.set(entry.incident, links); draw(); });
  }
  return named.get(entry.incident)?.cloneNode(true) ?? null;
}

function move(step) {
  const buttons = [...list.querySelectorAll("button.plain")];
  const at = buttons.indexOf(document.activeElement);
  buttons[Math.min(buttons.length - 1, Math.max(0, at + step))]?.focus();
}

/** The buttons of an incident stand in its newest row alone, but are for all of its rows. */
function press(action) {
  const id = document.activeElement?.closest?.("[data-notification]")?.dataset.notification;
  const incident = entries.get(Number(id))?.incident;
  if (incident) list.querySelector(`[data-incident="${CSS.escape(incident)}"][data-action="${action}"]`)?.click();
}

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input") || document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.altKey) return;
  const meant = {
    "/": () => document.getElementById("search").focus(),
    j: () => move(1),
    k: () => move(-1),
    a: () => press("ack"),
    s: () => press("silence"),
  }[event.key];
  if (!meant) return;
  event.preventDefault(); // or the letter is written into the field that is reached by it
  meant();
});
document.getElementById("filter").addEventListener("submit", (event) => { event.preventDefault(); load(); });
document.getElementById("older").addEventListener("click", () => load(Math.min(...entries.keys())));

const given = new URLSearchParams(location.search);
for (const name of ["search", "match"]) document.getElementById(name).value = given.get(name) ?? "";
document.getElementById("undelivered").checked = given.get("undelivered") === "true";
setInterval(() => { if (!document.hidden) draw(); }, 15000);
await load();
listen();
