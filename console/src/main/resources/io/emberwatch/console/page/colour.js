// A score's colour: 0 is worst, 10 is best.

const redGreen = [[0, 165, 0, 38], [2.5, 222, 84, 50], [5, 250, 190, 90], [7, 252, 232, 130], [9, 140, 203, 94], [10, 60, 165, 85]];
// Viridis runs from dark to light, so it is told apart without hue.
const safe = [[0, 104, 60, 140], [2.5, 88, 98, 160], [5, 58, 140, 158], [7, 50, 170, 135], [9, 140, 205, 80], [10, 245, 225, 55]];

export function colour(score, palette) {
  const stops = palette === "safe" ? safe : redGreen;
  const value = Math.min(10, Math.max(0, score));
  const upper = stops.findIndex(([at]) => at >= value);
  if (upper <= 0) {
    return rgb(stops[0].slice(1));
  }
  const [from, to] = [stops[upper - 1], stops[upper]];
  const share = (value - from[0]) / (to[0] - from[0]);
  return rgb([1, 2, 3].map((i) => Math.round(from[i] + share * (to[i] - from[i]))));
}

function rgb([red, green, blue]) {
  return `rgb(${red}, ${green}, ${blue})`;
}

/** Black or white, whichever can be read on the colour. */
export function inkOn(background) {
  const [red, green, blue] = background.match(/\d+/g).map(Number);
  return red * 0.299 + green * 0.587 + blue * 0.114 > 125 ? "#14110f" : "#ffffff";
}
