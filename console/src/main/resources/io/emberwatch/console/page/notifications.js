import { element, empty, since } from "./dom.js";

const LIMIT = 50;
const KEEP = 500;
const WORDS = {
  received: "received", repeat: "told again", duplicate: "told twice", queued: "queued", delivered: "delivered",
  retry: "failed, will try again", unsure: "may have arrived, will check", dead: "given up", coalesced: "told with a newer state",
  refused: "one receiver refused", deferred: "later for some", progressed: "a part is through", recovered: "goes on after a restart",
  replayed: "sent again", action: "done by people",
};
const list = document.getElementById("list");
const entries = new Map();
const open = new Set(JSON.parse(sessionStorage.getItem("open") ?? "[]"));
let newest = 0;
let live = false;

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
    newest = Math.max(newest, data.newest_event);
  }
  data.notifications.forEach((entry) => entries.set(entry.id, entry));
  document.getElementById("older").hidden = data.notifications.length < LIMIT;
  remember();
  draw();
}

function remember() {
  const parameters = query();
  parameters.delete("limit");
  history.replaceState(null, "", parameters.size ? `?${parameters}` : location.pathname);
  sessionStorage.setItem("open", JSON.stringify([...open].slice(-KEEP)));
}

function listen() {
  const stream = new EventSource(`/bridge/stream?after=${newest}`);
  stream.onopen = () => { live = true; summarize(); };
  stream.onerror = () => { live = false; summarize(); };
  stream.onmessage = (message) => take(JSON.parse(message.data));
}

function take(event) {
  if (event.id <= newest) return;
  newest = event.id;
  const entry = entries.get(event.notification);
  if (entry) {
    entry.trail.push(event);
    follow(entry, event);
    draw();
  } else if (event.event === "received" || event.event === "repeat" || event.event === "action") {
    fresh(event.notification);
  }
}

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
      (await response.json()).data.notifications.forEach((entry) => entries.set(entry.id, entry));
      draw();
    }
  }, 20);
}

function follow(entry, event) {
  const delivery = entry.deliveries.find((one) => one.channel === event.channel);
  const state = { delivered: "delivered", coalesced: "delivered", dead: "dead", queued: "queued", retry: "queued", unsure: "queued" }[event.event];
  if (delivery && state) {
    delivery.state = state;
    delivery.code = event.code || delivery.code;
  } else if (!delivery && event.event === "queued") {
    entry.deliveries.push({ channel: event.channel, state: "queued", attempts: 0, code: "" });
  }
}

function draw() {
  const focused = document.activeElement?.closest?.("[data-notification]")?.dataset.notification;
  const shown = [...entries.values()].sort((a, b) => b.id - a.id).slice(0, KEEP);
  list.replaceChildren(...(shown.length ? shown.map(row) : [empty("Nothing was received that is shown here.")]));
  if (focused) list.querySelector(`[data-notification="${focused}"] button`)?.focus();
  summarize();
}

function summarize() {
  const waiting = [...entries.values()].flatMap((entry) => entry.deliveries).filter((one) => one.state === "queued" || one.state === "leased").length;
  const dead = [...entries.values()].flatMap((entry) => entry.deliveries).filter((one) => one.state === "dead").length;
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

function row(entry) {
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
    "article",
    { class: `notice ${firing ? severity : "over"}`, role: "listitem", "data-notification": entry.id },
    element("div", { class: "line" }, toggle, element("span", { class: "since", title: entry.received }, `${since((Date.now() - Date.parse(entry.received)) / 1000)} ago`)),
    element("div", { class: "states" }, element("span", {}, entry.detail), ...entry.deliveries.map(state)),
    shown ? trail(entry) : null,
  );
}

function state(delivery) {
  const words = delivery.state === "delivered" ? "✓" : delivery.state === "dead" ? "✗ given up" : "… waiting";
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

function move(step) {
  const buttons = [...list.querySelectorAll("button.plain")];
  const at = buttons.indexOf(document.activeElement);
  buttons[Math.min(buttons.length - 1, Math.max(0, at + step))]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") { event.preventDefault(); document.getElementById("search").focus(); }
  if (event.key === "j") move(1);
  if (event.key === "k") move(-1);
});
document.getElementById("filter").addEventListener("submit", (event) => { event.preventDefault(); load(); });
document.getElementById("older").addEventListener("click", () => load(Math.min(...entries.keys())));

const given = new URLSearchParams(location.search);
for (const name of ["search", "match"]) document.getElementById(name).value = given.get(name) ?? "";
document.getElementById("undelivered").checked = given.get("undelivered") === "true";
setInterval(() => { if (!document.hidden) draw(); }, 15000);
await load();
listen();
