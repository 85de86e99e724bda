import { drawAlerts } from "./alerts.js";
import { drawHost, drawSensor } from "./charts.js";
import { drawHeatmap } from "./heatmap.js";
import { drawScores } from "./scores.js";
import { drawTargets } from "./targets.js";

const EVERY = 5000;
let updated = 0;

async function refresh() {
  const [scores, alerts, heatmap, sensor, host, targets] = await Promise.allSettled([
    drawScores(), drawAlerts(), drawHeatmap(), drawSensor(), drawHost(), drawTargets(),
  ]);
  const failures = [scores, alerts, heatmap, sensor, host, targets].filter((part) => part.status === "rejected");
  failures.forEach((part) => console.warn(part.reason));
  if (failures.length === 0) updated = Date.now();
  summarize(scores.value, alerts.value, targets.value, failures);
}

function summarize(lowest, firing, down, failures) {
  const summary = document.getElementById("summary");
  const trouble = [];
  if (failures.length) trouble.push(`cannot read the numbers: ${failures[0].reason.message}`);
  if (firing?.length) trouble.push(`${firing.length} alert${firing.length > 1 ? "s" : ""} firing`);
  if (down) trouble.push(`${down} target${down > 1 ? "s" : ""} down`);
  if (lowest !== null && lowest < 7) trouble.push(`lowest score ${lowest.toFixed(1)}`);
  summary.textContent = trouble.length ? trouble.join(" · ") : "all well";
  summary.className = trouble.length ? "bad" : "good";
  document.getElementById("fresh").textContent = updated
    ? `as of ${new Date(updated).toLocaleTimeString()}` : "no numbers yet";
}

const palette = document.getElementById("palette");
palette.checked = localStorage.getItem("palette") === "safe";
palette.addEventListener("change", () => {
  localStorage.setItem("palette", palette.checked ? "safe" : "redGreen");
  refresh();
});
document.querySelectorAll("input[name=hour]").forEach((choice) => choice.addEventListener("change", refresh));

async function loop() {
  if (!document.hidden) await refresh();
  setTimeout(loop, EVERY);
}
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
loop();
