import { instant, range } from "./api.js";
import { colour, inkOn } from "./colour.js";
import { body, element, empty, quoted } from "./dom.js";

const DAYS = 7;
const HOUR = 3600;
const SCORE = "emberwatch_etcd_cluster_score";
const breakdowns = new Map();
let last = "";

export function palette() {
  return document.getElementById("palette").checked ? "safe" : "redGreen";
}

/** Draws a table of hours per cluster; an hour without measurements is hatched, never coloured. */
export async function drawHeatmap() {
  const how = document.querySelector("input[name=hour]:checked").value;
  const now = Math.floor(Date.now() / 1000);
  const today = new Date();
  const first = new Date(today.getFullYear(), today.getMonth(), today.getDate() - DAYS + 1).getTime() / 1000;
  const thisHour = now - ((now - first) % HOUR);
  const elapsed = Math.max(1, now - thisHour);
  const [past, current] = await Promise.all([
    thisHour > first ? range(`${how}_over_time(${SCORE}[1h])`, first + HOUR, thisHour, HOUR) : [],
    instant(`${how}_over_time(${SCORE}[${elapsed}s])`, now),
  ]);
  const clusters = new Map();
  const cellsOf = (labels) => {
    const name = labels.cluster ?? "";
    if (!clusters.has(name)) clusters.set(name, new Map());
    return clusters.get(name);
  };
  past.forEach(({ labels, points }) => points.forEach(([end, value]) => cellsOf(labels).set(end - HOUR, value)));
  current.forEach(({ labels, value }) => cellsOf(labels).set(thisHour, value));

  const key = JSON.stringify([how, palette(), thisHour, [...clusters].map(([name, cells]) => [name, [...cells]])]);
  if (key === last) return;
  last = key;
  const target = body("heatmap");
  if (clusters.size === 0) {
    target.replaceChildren(
      empty("No score yet. Name a cluster's members with --etcd, or under exporter.etcd in the configuration; the first score comes within a minute."),
    );
    return;
  }
  const focused = document.activeElement?.dataset?.hour;
  target.replaceChildren(...[...clusters].sort().map(([name, cells]) => clusterTable(name, cells, first, now)));
  if (focused) target.querySelector(`td[data-hour="${focused}"]`)?.focus();
}

function clusterTable(cluster, cells, first, now) {
  const days = Array.from({ length: DAYS }, (_, i) => {
    const day = new Date(first * 1000);
    day.setDate(day.getDate() + DAYS - 1 - i);
    return day;
  });
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  const table = element(
    "table",
    { class: "hours", "data-cluster": cluster },
    element("caption", { class: "hidden" }, `Health of cluster ${cluster} by day and hour`),
    element("thead", {}, element("tr", {}, element("th", { class: "day" }), ...hours.map((h) => element("th", { scope: "col" }, String(h))))),
    element("tbody", {}, ...days.map((day) => element(
      "tr",
      {},
      element("th", { scope: "row", class: "day" }, day.toLocaleDateString(undefined, { weekday: "short", day: "numeric", month: "short" })),
      ...hours.map((hour) => cell(cluster, day, hour, cells, now)),
    ))),
  );
  return element("div", { class: "cluster" }, element("h3", {}, cluster || "(no cluster label)"), element("div", { class: "scroll" }, table));
}

function cell(cluster, day, hour, cells, now) {
  const start = new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour).getTime() / 1000;
  const score = cells.get(start);
  const when = `${day.toLocaleDateString()} ${String(hour).padStart(2, "0")}:00`;
  if (start > now) {
    return element("td", { class: "future" });
  }
  if (score === undefined || Number.isNaN(score)) {
    return element("td", { class: "none", title: `${when}: no data` });
  }
  const background = colour(score, palette());
  const made = element(
    "td",
    {
      tabindex: "0",
      "data-hour": start,
      "data-score": score.toFixed(2),
      "aria-label": `${when}: ${score.toFixed(1)} of 10`,
      style: { backgroundColor: background, color: inkOn(background) },
    },
    score.toFixed(score === 10 ? 0 : 1),
  );
  const show = () => showTip(made, cluster, start, when, score);
  made.addEventListener("mouseenter", show);
  made.addEventListener("focus", show);
  made.addEventListener("mouseleave", hideTip);
  made.addEventListener("blur", hideTip);
  return made;
}

async function showTip(cellElement, cluster, start, when, score) {
  const tip = document.getElementById("tip");
  const section = document.getElementById("heatmap").getBoundingClientRect();
  const box = cellElement.getBoundingClientRect();
  tip.dataset.hour = start;
  tip.replaceChildren(element("b", {}, `${cluster} · ${when} · ${score.toFixed(1)} of 10`));
  tip.hidden = false;
  tip.style.left = `${Math.max(8, Math.min(section.width - tip.offsetWidth - 8, box.left - section.left))}px`;
  tip.style.top = `${box.bottom - section.top + 6}px`;
  const rows = await breakdown(cluster, start);
  if (tip.dataset.hour === String(start)) {
    tip.append(rows.length
      ? element("dl", {}, ...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value.toFixed(1))]))
      : empty("no breakdown was recorded"));
  }
}

function hideTip() {
  document.getElementById("tip").hidden = true;
}

/** The worst of each component in that hour over all members, the worst first. */
async function breakdown(cluster, start) {
  const end = Math.min(start + HOUR, Math.floor(Date.now() / 1000));
  const key = `${cluster} ${end}`;
  if (!breakdowns.has(key)) {
    const worst = await instant(
      `min by (component) (min_over_time(emberwatch_etcd_component_score{cluster=${quoted(cluster)}}[${Math.max(1, end - start)}s]))`,
      end,
    );
    breakdowns.set(key, worst.map(({ labels, value }) => [labels.component, value]).sort((a, b) => a[1] - b[1]));
    if (breakdowns.size > 500) breakdowns.delete(breakdowns.keys().next().value);
  }
  return breakdowns.get(key);
}
