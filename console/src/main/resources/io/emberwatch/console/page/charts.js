import { instant, range } from "./api.js";
import { body, element, empty } from "./dom.js";

const MINUTES = 15;
const drawn = new Map();

const SENSOR = [
  { id: "load", title: "CPU load", expression: "sensor_cpu_load", label: "sensor" },
  { id: "random", title: "Random value", expression: "sensor_random_value", label: "sensor", dots: true },
  { id: "ticks", title: "Measurements per second", expression: "rate(sensor_ticks_total[30s])", label: "sensor", zero: true },
  { id: "defects", title: "Known defect, three zeros at once", expression: "emberwatch_exporter_sensor_defects_total", label: "sensor", zero: true },
];
const HOST = [
  { id: "cpu", title: "CPU used, %", expression: '100 * (1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[1m])))', label: "instance", zero: true, max: 100 },
  { id: "memory", title: "Memory used, %", expression: "100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)", label: "instance", zero: true, max: 100 },
  { id: "load", title: "Load, 1 minute", expression: "node_load1", label: "instance", zero: true },
  { id: "disk", title: "Filesystem used, %", expression: "100 * (1 - node_filesystem_avail_bytes / node_filesystem_size_bytes)", label: "mountpoint", zero: true, max: 100 },
];

export async function drawSensor() {
  const target = body("sensor");
  await Promise.all([...SENSOR.map((chart) => line(target, "sensor", chart)), distribution(target)]);
  hint(target, "No sensor has reported yet.");
}

export async function drawHost() {
  const target = body("host");
  await Promise.all(HOST.map((chart) => line(target, "host", chart)));
  hint(target, "No host metrics yet.");
}

function hint(target, text) {
  const none = target.querySelector(".empty");
  if (target.querySelector(".chart")) {
    none?.remove();
  } else if (!none) {
    target.replaceChildren(empty(text));
  }
}

async function line(target, group, { id, title, expression, label, dots, zero, max }) {
  const end = Math.floor(Date.now() / 5000) * 5;
  const series = await range(expression, end - MINUTES * 60, end, 5);
  if (series.length === 0) return;
  chart(target, `${group}-${id}`, title).setOption({
    series: series.map(({ labels, points }) => ({
      name: labels[label] ?? "",
      type: "line",
      showSymbol: Boolean(dots),
      symbolSize: 3,
      lineStyle: { width: dots ? 0.5 : 1.5 },
      data: points.map(([time, value]) => [time * 1000, value]),
    })),
    xAxis: { type: "time", min: (end - MINUTES * 60) * 1000, max: end * 1000 },
    yAxis: { type: "value", scale: !zero, min: zero ? 0 : null, max: max ?? null },
  });
}

/** The random generator's values over ten buckets of equal size. */
async function distribution(target) {
  const buckets = await instant(`sum by (le) (increase(sensor_random_value_distribution_bucket[${MINUTES}m]))`);
  if (buckets.length === 0) return;
  const sorted = buckets.map(({ labels, value }) => [Number(labels.le.replace("+Inf", "Infinity")), value]).sort((a, b) => a[0] - b[0]);
  const counts = sorted.map(([le, value], i) => [le, Math.max(0, value - (i ? sorted[i - 1][1] : 0))]).filter(([le]) => Number.isFinite(le));
  chart(target, "sensor-distribution", "Random values, how often per bucket").setOption({
    series: [{ type: "bar", name: "values", data: counts.map(([, count]) => Math.round(count)) }],
    xAxis: { type: "category", data: counts.map(([le]) => `≤ ${(le / 1e6).toFixed(1)} M`) },
    yAxis: { type: "value" },
  });
}

function chart(target, id, title) {
  if (!drawn.has(id)) {
    const box = element("div", { class: "chart", id });
    target.append(element("div", {}, element("h3", {}, title), box));
    const made = echarts.init(box, matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : null);
    made.setOption({
      animation: false,
      backgroundColor: "transparent",
      grid: { left: 52, right: 12, top: 10, bottom: 24 },
      tooltip: { trigger: "axis", confine: true },
      aria: { enabled: true, label: { description: title } },
    });
    new ResizeObserver(() => made.resize()).observe(box);
    drawn.set(id, made);
  }
  return drawn.get(id);
}
