// Simple detectors to compare with: of the kinds that ruptures (offline) and river (online) have, written for the benchmark.

/** A change of the mean costs this many times sigma squared times the logarithm of the length: the Bayesian information criterion. */
const PENALTY = 2;
/** Fewest rows of a segment. */
const SHORTEST = 3;
/** ADWIN's confidence, as river has it. */
const DELTA = 0.002;

/** Pruned exact linear time: the segmentation of least squared error and penalty (R. Killick and others, 2012). Sees all rows at once. */
export function pelt(values) {
  const { numbers, positions, cost, penalty } = prepared(values);
  const length = numbers.length;
  const best = [-penalty];
  const last = [0];
  let candidates = [0];
  for (let end = 1; end <= length; end++) {
    const usable = candidates.filter((start) => end - start >= SHORTEST);
    const totals = usable.map((start) => best[start] + cost(start, end) + penalty);
    const least = Math.min(Number.POSITIVE_INFINITY, ...totals);
    best[end] = least;
    last[end] = usable[totals.indexOf(least)] ?? 0;
    const kept = usable.filter((_, index) => totals[index] - penalty <= least);
    candidates = [...kept, ...candidates.filter((start) => end - start < SHORTEST), end];
  }
  const changes = [];
  for (let end = length; last[end] > 0; end = last[end]) {
    changes.unshift(last[end]);
  }
  return changes.map((change) => at(positions[change]));
}

/** Splits where it gains most, as long as it gains more than the penalty. Sees all rows at once. */
export function binarySegmentation(values) {
  const { numbers, positions, cost, penalty } = prepared(values);
  const changes = [];
  const split = (start, end) => {
    let [gain, where] = [penalty, -1];
    for (let middle = start + SHORTEST; middle <= end - SHORTEST; middle++) {
      const here = cost(start, end) - cost(start, middle) - cost(middle, end);
      [gain, where] = here > gain ? [here, middle] : [gain, where];
    }
    if (where >= 0) {
      split(start, where);
      changes.push(where);
      split(where, end);
    }
  };
  split(0, numbers.length);
  return changes.map((change) => at(positions[change]));
}

/** Drops the older part of its window when the means of both parts differ too much (A. Bifet and R. Gavaldà, 2007). Row by row. */
export function adwin(values) {
  const found = [];
  let window = [];
  values.forEach((value, index) => {
    if (!Number.isFinite(value)) {
      return;
    }
    window.push(value);
    const cut = cutOf(window);
    if (cut > 0) {
      window = window.slice(cut);
      found.push({ index, change: index - window.length + 1 });
    }
  });
  return found;
}

function cutOf(window) {
  const length = window.length;
  const sums = prefix(window, (value) => value);
  const squares = prefix(window, (value) => value * value);
  const variance = Math.max(0, squares[length] / length - (sums[length] / length) ** 2);
  const logarithm = Math.log((2 * Math.log(Math.max(length, 3))) / DELTA);
  for (let cut = 5; cut <= length - 5; cut++) {
    const harmonic = 1 / (1 / cut + 1 / (length - cut));
    const bound =
      Math.sqrt((2 / harmonic) * variance * logarithm) + (2 / (3 * harmonic)) * logarithm * Math.sqrt(variance);
    if (Math.abs(sums[cut] / cut - (sums[length] - sums[cut]) / (length - cut)) > bound) {
      return cut;
    }
  }
  return 0;
}

/** Squared error of each segment, and a penalty from the noise between neighbours, which a change does not raise. */
function prepared(values) {
  const positions = values.flatMap((value, index) => (Number.isFinite(value) ? [index] : []));
  const numbers = positions.map((position) => values[position]);
  const steps = numbers.slice(1).map((value, index) => Math.abs(value - numbers[index]));
  const sigma = steps.sort((one, other) => one - other)[Math.floor(steps.length / 2)] / 0.6745 / Math.SQRT2;
  const sums = prefix(numbers, (value) => value);
  const squares = prefix(numbers, (value) => value * value);
  const cost = (start, end) => squares[end] - squares[start] - (sums[end] - sums[start]) ** 2 / (end - start);
  return { numbers, positions, cost, penalty: PENALTY * sigma ** 2 * Math.log(numbers.length) };
}

function prefix(values, of) {
  const sums = [0];
  for (const value of values) {
    sums.push(sums.at(-1) + of(value));
  }
  return sums;
}

/** Offline, a change is known where it is. */
function at(change) {
  return { index: change, change };
}
