// The Prometheus HTTP API of this program; see docs/architecture.md.

async function data(path, parameters = {}) {
  const query = new URLSearchParams(parameters).toString();
  const response = await fetch(`/api/v1/${path}${query ? "?" + query : ""}`, { headers: { Accept: "application/json" } });
  const answer = await response.json();
  if (answer.status !== "success") {
    throw new Error(answer.error || `${path}: HTTP ${response.status}`);
  }
  return answer.data;
}

/** Samples of an instant query: [{labels, value}], at a Unix time in seconds or now. */
export async function instant(expression, time) {
  const { result } = await data("query", time ? { query: expression, time } : { query: expression });
  return result.map((sample) => ({ labels: sample.metric, value: Number(sample.value[1]) }));
}

/** Series of a range query: [{labels, points: [[seconds, value]]}]. */
export async function range(expression, start, end, step) {
  const { result } = await data("query_range", { query: expression, start, end, step });
  return result.map((series) => ({
    labels: series.metric,
    points: series.values.map(([time, value]) => [time, Number(value)]),
  }));
}

export async function alerts() {
  return (await data("alerts")).alerts;
}

export async function targets() {
  return (await data("targets", { state: "active" })).activeTargets;
}
