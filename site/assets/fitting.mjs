// Fits the coefficients of a law to runs, in the reader's browser or in node. It knows no law: it calls the function of
// a generated module, finds out which coefficients enter linearly, solves those for many starts, and leads the best
// starts downhill until nothing improves.

/** Starts that are led downhill. */
const REFINED = 24;
/** Rows that the search among starts looks at; all rows count from the last step on. */
const ROUGH_ROWS = 400;
/** Objectives that lie so close together, by ratio, count as the same optimum. */
export const AGREE = 1e-4;
/** Beyond these the columns of the Jacobian are as good as dependent, or nearly so. */
export const SINGULAR = 1e7;
export const ILL_CONDITIONED = 1e4;

const EXPONENTS = { low: 0.05, high: 1.2 };
const FIRST_STEP = 1e-5;
const SECOND_STEP = 3e-4;

/** Thrown where there is nothing to fit; the message says why, in words for the reader. */
export class NotFittable extends Error {}

/** Half the square inside delta, a straight line beyond; with delta infinite half the square everywhere. */
function halfLoss(residuals, delta) {
  let sum = 0;
  for (const each of residuals) {
    const size = Math.abs(each);
    sum += size <= delta ? 0.5 * size * size : delta * (size - 0.5 * delta);
  }
  return sum;
}

/** A law, runs and a scale of residuals: what is minimised, as a function of a point in the space that is searched. */
class Problem {
  constructor({ law, coefficients, constants, columns, observed, on }) {
    Object.assign(this, { law, coefficients, observed, on });
    this.size = coefficients.length;
    this.rows = observed.length;
    this.names = Object.keys(columns);
    this.columns = this.names.map((name) => Float64Array.from(columns[name]));
    this.target = on === "log" ? Float64Array.from(observed, Math.log) : Float64Array.from(observed);
    this.values = { ...constants };
    // Real coefficients are searched in units of their usual size, positive ones by logarithm.
    this.scales = new Float64Array(this.size).fill(1);
  }

  /** The same problem with evenly spaced rows, no more than `most`. */
  thinned(most) {
    if (this.rows <= most) return this;
    const kept = Array.from({ length: most }, (_, index) => Math.floor((index * this.rows) / most));
    const take = (column) => kept.map((row) => column[row]);
    const columns = Object.fromEntries(this.names.map((name, index) => [name, take(this.columns[index])]));
    const { law, coefficients, on, values: constants } = this;
    return new Problem({ law, coefficients, constants, columns, observed: take(this.observed), on });
  }

  /** The same problem on the logarithm; null where the output has none. */
  onLogarithm() {
    if (!this.observed.every((each) => each > 0)) return null;
    const columns = Object.fromEntries(this.names.map((name, index) => [name, this.columns[index]]));
    const { law, coefficients, observed, values: constants } = this;
    return new Problem({ law, coefficients, constants, columns, observed, on: "log" });
  }

  point(values) {
    return values.map((value, index) => (this.coefficients[index].positive ? Math.log(value) : value / this.scales[index]));
  }

  valuesAt(point) {
    return Array.from(point, (each, index) => (this.coefficients[index].positive ? Math.exp(each) : each * this.scales[index]));
  }

  /** What the law gives in every row. */
  predict(values, into = new Float64Array(this.rows)) {
    const { law, names, columns, values: held } = this;
    values.forEach((value, index) => { held[this.coefficients[index].symbol] = value; });
    for (let row = 0; row < this.rows; row += 1) {
      for (let each = 0; each < names.length; each += 1) held[names[each]] = columns[each][row];
      into[row] = law(held);
    }
    return into;
  }

  /** Residuals at a point, or null where one is not finite. */
  residuals(point, into = new Float64Array(this.rows)) {
    this.predict(this.valuesAt(point), into);
    const logarithmic = this.on === "log";
    for (let row = 0; row < this.rows; row += 1) {
      into[row] = (logarithmic ? Math.log(into[row]) : into[row]) - this.target[row];
      if (!Number.isFinite(into[row])) return null;
    }
    return into;
  }

  loss(point, delta) {
    const found = this.residuals(point);
    return found === null ? Infinity : halfLoss(found, delta);
  }

  /** Derivatives of the residuals, a column for each coefficient, by central differences; null where they do not exist. */
  jacobian(point) {
    const columns = [];
    for (let index = 0; index < this.size; index += 1) {
      const step = FIRST_STEP * (this.coefficients[index].positive ? 1 : Math.max(1, Math.abs(point[index])));
      const above = this.residuals(moved(point, index, step));
      const below = this.residuals(moved(point, index, -step));
      if (above === null || below === null) return null;
      for (let row = 0; row < this.rows; row += 1) above[row] = (above[row] - below[row]) / (2 * step);
      columns.push(above);
    }
    return columns;
  }

  /** Second derivatives of the residuals, summed with the weights given, by differences; null where they do not exist. */
  curvature(point, weights) {
    const sum = (place) => {
      const found = this.residuals(place);
      return found === null ? NaN : dot(found, weights);
    };
    const steps = point.map((each, index) => SECOND_STEP * (this.coefficients[index].positive ? 1 : Math.max(1, Math.abs(each))));
    const middle = sum(point);
    const above = steps.map((step, index) => sum(moved(point, index, step)));
    const below = steps.map((step, index) => sum(moved(point, index, -step)));
    const found = square(this.size);
    for (let one = 0; one < this.size; one += 1) {
      found[one][one] = (above[one] - 2 * middle + below[one]) / steps[one] ** 2;
      for (let other = 0; other < one; other += 1) {
        const both = sum(moved(moved(point, one, steps[one]), other, steps[other]));
        const neither = sum(moved(moved(point, one, -steps[one]), other, -steps[other]));
        const mixed = both - above[one] - above[other] + 2 * middle - below[one] - below[other] + neither;
        found[one][other] = found[other][one] = mixed / (2 * steps[one] * steps[other]);
      }
    }
    return found.flat().every(Number.isFinite) ? found : null;
  }
}

// Small linear algebra.

const square = (size) => Array.from({ length: size }, () => new Array(size).fill(0));

function moved(point, index, step) {
  const other = point.slice();
  other[index] += step;
  return other;
}

function dot(one, other) {
  let sum = 0;
  for (let row = 0; row < one.length; row += 1) sum += one[row] * other[row];
  return sum;
}

/** Products of columns with each other, each row weighted. */
function normal(columns, weights) {
  const found = square(columns.length);
  for (let one = 0; one < columns.length; one += 1) {
    for (let other = 0; other <= one; other += 1) {
      let sum = 0;
      for (let row = 0; row < weights.length; row += 1) sum += weights[row] * columns[one][row] * columns[other][row];
      found[one][other] = found[other][one] = sum;
    }
  }
  return found;
}

/** The solution of a positive definite system, by Cholesky's factors; null where it is not. */
function solve(matrix, right) {
  const size = right.length;
  const lower = square(size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[row][column];
      for (let each = 0; each < column; each += 1) sum -= lower[row][each] * lower[column][each];
      if (row === column && !(sum > 0)) return null;
      lower[row][column] = row === column ? Math.sqrt(sum) : sum / lower[column][column];
    }
  }
  const found = right.slice();
  for (let row = 0; row < size; row += 1) {
    for (let each = 0; each < row; each += 1) found[row] -= lower[row][each] * found[each];
    found[row] /= lower[row][row];
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    for (let each = row + 1; each < size; each += 1) found[row] -= lower[each][row] * found[each];
    found[row] /= lower[row][row];
  }
  return found;
}

/** Eigenvalues and eigenvectors (as columns) of a symmetric matrix, by Jacobi's rotations. */
export function eigen(matrix) {
  const size = matrix.length;
  const held = matrix.map((row) => row.slice());
  const vectors = square(size);
  for (let each = 0; each < size; each += 1) vectors[each][each] = 1;
  for (let sweep = 0; sweep < 60; sweep += 1) {
    let off = 0;
    for (let p = 0; p < size; p += 1) for (let q = 0; q < p; q += 1) off += held[p][q] ** 2;
    if (off === 0) break;
    for (let p = 0; p < size; p += 1) {
      for (let q = p + 1; q < size; q += 1) {
        if (held[p][q] === 0) continue;
        const theta = (held[q][q] - held[p][p]) / (2 * held[p][q]);
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let each = 0; each < size; each += 1) {
          [held[each][p], held[each][q]] = [c * held[each][p] - s * held[each][q], s * held[each][p] + c * held[each][q]];
        }
        for (let each = 0; each < size; each += 1) {
          [held[p][each], held[q][each]] = [c * held[p][each] - s * held[q][each], s * held[p][each] + c * held[q][each]];
          [vectors[each][p], vectors[each][q]] = [c * vectors[each][p] - s * vectors[each][q], s * vectors[each][p] + c * vectors[each][q]];
        }
      }
    }
  }
  return { values: held.map((row, index) => row[index]), vectors };
}

// Starts.

/** The same random numbers for every reader (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A point of the unit cube that fills it evenly with its neighbours (additive recurrence). */
function spread(number, dimensions) {
  let ratio = 2;
  for (let each = 0; each < 40; each += 1) ratio = (1 + ratio) ** (1 / (dimensions + 1));
  return Array.from({ length: dimensions }, (_, index) => (0.5 + number * ratio ** -(index + 1)) % 1);
}

/** A value to start a coefficient from, for a share between 0 and 1: exponents by their usual size, scales by the data's. */
function opening(coefficient, share, number, ranges) {
  if (coefficient.exponent) {
    const { low, high } = EXPONENTS;
    if (coefficient.positive) return low + (high - low) * share;
    return (number % 2 ? 1 : -1) * (low + (high - low) * share);
  }
  if (!coefficient.positive) {
    const size = 0.05 * 600 ** Math.abs(2 * share - 1);
    return Math.sign(share - 0.5 || 1) * size;
  }
  const sizes = ranges.flat();
  const wide = [Math.min(1e-3, ...sizes) / 10, Math.max(1e3, ...sizes) * 1e6];
  // In turn: within one variable's values, and anywhere.
  const range = ranges[Math.floor(number / 2) % Math.max(ranges.length, 1)];
  const [low, high] = number % 2 && range ? [range[0] / 3, range[1] * 3] : wide;
  return low * (high / low) ** share;
}

/** Coefficients in which the law is jointly linear, found by differences at several places. */
export function linearCoefficients(problem, ranges) {
  const draw = random(7);
  const places = [];
  for (let attempt = 0; attempt < 40 && places.length < 8; attempt += 1) {
    const values = problem.coefficients.map((each) => opening(each, draw(), attempt, ranges));
    if (problem.predict(values).every(Number.isFinite)) places.push(values);
  }
  if (places.length < 3) return [];
  // The mixed second difference: nothing where the law is a sum of a part with one and a part with the other.
  const bends = (one, other) => {
    let told = false;
    for (const values of places) {
      const at = (first, second) => {
        const changed = values.slice();
        changed[one] += first * values[one];
        changed[other] += second * values[other];
        return problem.predict(changed);
      };
      const [base, first, second, both] = [at(0, 0), at(1, 0), at(0, 1), at(1, 1)];
      for (let row = 0; row < problem.rows; row += 1) {
        const size = Math.max(Math.abs(first[row] - base[row]), Math.abs(second[row] - base[row]));
        const all = Math.max(Math.abs(base[row]), Math.abs(both[row]));
        if (!(size > 1e-6 * all)) continue;
        told = true;
        if (!(Math.abs(both[row] - first[row] - second[row] + base[row]) <= 1e-7 * size + 1e-13 * all)) return true;
      }
    }
    return !told;
  };
  const found = [];
  for (let index = 0; index < problem.size; index += 1) {
    if ([index, ...found].every((other) => !bends(index, other))) found.push(index);
  }
  return found;
}

/** The coefficients with the linear ones solved by least squares, positive where they must be; null where none fit. */
function solved(problem, values, linear) {
  if (linear.length === 0) return values;
  const held = values.slice();
  for (const index of linear) held[index] = 0;
  const base = problem.predict(held);
  const columns = linear.map((index) => {
    held[index] = 1;
    const column = problem.predict(held);
    held[index] = 0;
    for (let row = 0; row < problem.rows; row += 1) column[row] -= base[row];
    return column;
  });
  const weights = Float64Array.from(problem.observed, (each) => (problem.on === "log" ? 1 / each ** 2 : 1));
  const left = Float64Array.from(problem.observed, (each, row) => (each - base[row]) * weights[row]);
  const right = columns.map((column) => dot(column, left));
  const whole = normal(columns, weights);
  if (![...whole.flat(), ...right].every(Number.isFinite)) return null;
  let kept = linear.map((_, position) => position).filter((position) => whole[position][position] > 0);
  const answer = new Array(linear.length).fill(0);
  while (kept.length > 0) {
    const lengths = kept.map((each) => Math.sqrt(whole[each][each]));
    const matrix = kept.map((one, i) => kept.map((other, j) => whole[one][other] / (lengths[i] * lengths[j]) + (i === j ? 1e-12 : 0)));
    const found = solve(matrix, kept.map((each, i) => right[each] / lengths[i]));
    if (found === null) return null;
    const negative = kept.map((each, i) => i).filter((i) => problem.coefficients[linear[kept[i]]].positive && !(found[i] > 0));
    if (negative.length === 0) {
      kept.forEach((each, i) => { answer[each] = found[i] / lengths[i]; });
      break;
    }
    const worst = negative.reduce((one, other) => (found[other] < found[one] ? other : one));
    kept = kept.filter((_, i) => i !== worst);
  }
  linear.forEach((index, position) => {
    // What least squares would have below zero starts as a thousandth of what it would be alone.
    const alone = whole[position][position] > 0 ? Math.abs(right[position]) / whole[position][position] : 1;
    const mustBePositive = problem.coefficients[index].positive && !(answer[position] > 0);
    held[index] = mustBePositive ? 1e-3 * alone || 1e-12 : answer[position];
  });
  return held;
}

/** The best starts, far enough from one another. */
function chosenStarts(problem, ranges, given) {
  const linear = linearCoefficients(problem, ranges);
  const others = problem.coefficients.map((_, index) => index).filter((index) => !linear.includes(index));
  const tried = [...given];
  const count = others.length === 0 ? 1 : [0, 200, 600, 1200, 2000][Math.min(others.length, 4)];
  for (let number = 0; number < count; number += 1) {
    const shares = spread(number, others.length);
    const values = new Array(problem.size).fill(1);
    others.forEach((index, position) => {
      values[index] = opening(problem.coefficients[index], shares[position], number + position, ranges);
    });
    const found = solved(problem, values, linear);
    if (found !== null) tried.push(found);
  }
  const scored = tried
    .map((values) => ({ values, point: problem.point(values) }))
    .map((each) => ({ ...each, residuals: problem.residuals(each.point) }))
    .filter((each) => each.residuals !== null)
    .map((each) => ({ ...each, score: each.residuals.reduce((sum, one) => sum + Math.abs(one), 0) }))
    .sort((one, other) => one.score - other.score);
  const near = (one, other) => others.length > 0 && others.every((index) => Math.abs(one.point[index] - other.point[index]) < 0.08);
  const kept = [];
  for (const each of scored) {
    if (kept.length === REFINED) break;
    if (!kept.some((other) => near(each, other))) kept.push(each);
  }
  return { tried: tried.length, linear, kept: kept.map((each) => each.values) };
}

/**
 * The starts to follow. Where an output of many sizes is fitted as it is, its largest rows hide all the others from
 * least squares: half the starts are then first led downhill on the logarithm.
 */
function startsFor(problem, ranges, given) {
  const found = chosenStarts(problem, ranges, given);
  const logarithmic = problem.on === "raw" ? problem.onLogarithm() : null;
  if (logarithmic === null) return found;
  const other = chosenStarts(logarithmic, ranges, given);
  const half = REFINED / 2;
  const led = other.kept.slice(0, half).map((values) =>
    logarithmic.valuesAt(descend(logarithmic, logarithmic.point(values), Infinity, { most: 40, tolerance: 1e-6 }).point));
  const sound = led.filter((values) => problem.residuals(problem.point(values)) !== null);
  return { ...found, tried: found.tried + other.tried, kept: [...found.kept.slice(0, REFINED - sound.length), ...sound] };
}

// Downhill.

/** Damped Gauss-Newton steps with each row weighted as its residual deserves. */
function descend(problem, start, delta, { most, tolerance }) {
  const residuals = problem.residuals(start);
  const place = { point: start, residuals, loss: halfLoss(residuals, delta) };
  let damping = 1e-3;
  for (let step = 0; step < most; step += 1) {
    const columns = problem.jacobian(place.point);
    if (columns === null) break;
    const weights = place.residuals.map((each) => (Math.abs(each) <= delta ? 1 : delta / Math.abs(each)));
    const pulled = place.residuals.map((each, row) => each * weights[row]);
    const before = place.loss;
    const taken = damped(normal(columns, weights), columns.map((each) => dot(each, pulled)), damping, taking(problem, place, delta));
    if (taken === null || before - place.loss <= tolerance * before) break;
    damping = taken;
  }
  return place;
}

/** A place that a move leads on to if the loss falls, as `damped` and `newton` try it. */
function taking(problem, place, delta) {
  return (move) => {
    const point = place.point.map((each, index) => each + move[index]);
    const residuals = problem.residuals(point);
    const loss = residuals === null ? Infinity : halfLoss(residuals, delta);
    if (!(loss < place.loss)) return false;
    Object.assign(place, { point, residuals, loss });
    return true;
  };
}

/** Try steps with more and more damping until one is taken; gives the damping to go on with, or null. */
function damped(matrix, gradient, damping, take) {
  const largest = Math.max(...matrix.map((row, index) => row[index]));
  for (let factor = damping; factor < 1e10; factor *= 6) {
    const heavier = matrix.map((row, i) => row.map((each, j) => (i === j ? each + factor * Math.max(each, 1e-10 * largest) + 1e-300 : each)));
    const move = solve(heavier, gradient.map((each) => -each));
    if (move !== null && take(move.map((each) => Math.max(-2, Math.min(2, each))))) return Math.max(factor / 8, 1e-14);
  }
  return null;
}

/** Damped Newton steps with all second derivatives, which find the bottom of what `descend` leaves. */
function polish(problem, start, delta, most = 40) {
  const place = { ...start };
  let damping = 1e-4;
  for (let step = 0; step < most; step += 1) {
    const columns = problem.jacobian(place.point);
    if (columns === null) break;
    const inside = place.residuals.map((each) => (Math.abs(each) <= delta ? 1 : 0));
    const pulled = place.residuals.map((each) => Math.max(-delta, Math.min(delta, each)));
    const curvature = problem.curvature(place.point, pulled);
    if (curvature === null) break;
    const gradient = columns.map((each) => dot(each, pulled));
    const matrix = normal(columns, inside).map((row, i) => row.map((each, j) => each + curvature[i][j]));
    const lengths = columns.map((each) => dot(each, each));
    const before = place.loss;
    const taken = newton(matrix, gradient, lengths, damping, taking(problem, place, delta));
    if (taken === null || before - place.loss <= 1e-14 * before) break;
    damping = taken;
  }
  return place;
}

function newton(matrix, gradient, lengths, damping, take) {
  for (let factor = damping; factor < 1e8; factor *= 6) {
    const diagonal = (i) => Math.max(Math.abs(matrix[i][i]), 1e-3 * lengths[i], 1e-300);
    const heavier = matrix.map((row, i) => row.map((each, j) => (i === j ? each + factor * diagonal(i) : each)));
    const { values, vectors } = eigen(heavier);
    const floor = 1e-12 * Math.max(...values.map(Math.abs));
    const move = gradient.map(() => 0);
    values.forEach((value, index) => {
      const along = gradient.reduce((sum, each, row) => sum + each * vectors[row][index], 0);
      const share = along / Math.max(Math.abs(value), floor);
      for (let row = 0; row < move.length; row += 1) move[row] -= share * vectors[row][index];
    });
    if (take(move.map((each) => Math.max(-2, Math.min(2, each))))) return Math.max(factor / 8, 1e-12);
  }
  return null;
}

/** From a start to its optimum: the straight part of the loss begins far out and comes in to delta. */
function refined(problem, values, delta) {
  let place = { point: problem.point(values) };
  place.residuals = problem.residuals(place.point);
  if (place.residuals === null) return null;
  if (delta < Infinity) {
    for (let width = Infinity, stage = 0; stage < 12; stage += 1) {
      const middle = median(place.residuals.map(Math.abs));
      width = Math.min(width / 3, 3 * middle);
      if (!(width > 1.5 * delta)) break;
      place = descend(problem, place.point, width, { most: stage === 0 ? 40 : 12, tolerance: 1e-3 });
    }
  }
  place = descend(problem, place.point, delta, { most: 60, tolerance: delta < Infinity ? 1e-5 : 1e-9 });
  return polish(problem, place, delta);
}

/** Both ways downhill in turn, as long as they help. */
function persistent(problem, start, delta) {
  let place = start;
  for (let round = 0; round < 3; round += 1) {
    const before = place.loss;
    place = polish(problem, descend(problem, place.point, delta, { most: 25, tolerance: 1e-8 }), delta);
    if (before - place.loss <= 1e-10 * before) break;
  }
  return place;
}

function median(numbers) {
  const sorted = Float64Array.from(numbers).sort();
  return sorted[Math.floor(sorted.length / 2)];
}

/** How well the runs tell the coefficients apart, at a point. */
function identified(problem, point) {
  const columns = problem.jacobian(point);
  if (columns === null) return { condition: Infinity, confused: [], idle: [] };
  const lengths = columns.map((each) => Math.sqrt(dot(each, each)));
  const largest = Math.max(...lengths);
  const symbols = problem.coefficients.map((each) => each.symbol);
  const moving = symbols.map((_, index) => index).filter((index) => lengths[index] > 1e-7 * largest);
  const scaled = moving.map((index) => columns[index].map((each) => each / lengths[index]));
  // The rows' own products lose half the digits; an orthogonal basis keeps them.
  const triangle = orthogonal(scaled);
  const { values, vectors } = eigen(normal(triangle, new Float64Array(moving.length).fill(1)));
  const order = values.map((_, index) => index).sort((one, other) => values[one] - values[other]);
  const [least, most] = [values[order[0]], values[order.at(-1)]];
  const condition = least > 0 ? Math.sqrt(most / least) : Infinity;
  const weights = moving.map((_, row) => Math.abs(vectors[row][order[0]]));
  const confused = moving.filter((_, row) => weights[row] > 0.15).map((index) => symbols[index]);
  const idle = symbols.filter((_, index) => !moving.includes(index));
  return { condition, confused, idle };
}

/** The triangular factor of columns, as columns, by Gram and Schmidt's method done twice. */
function orthogonal(columns) {
  const basis = [];
  return columns.map((column) => {
    const left = column.slice();
    const factors = new Array(columns.length).fill(0);
    for (let turn = 0; turn < 2; turn += 1) {
      basis.forEach((each, index) => {
        const share = dot(each, left);
        factors[index] += share;
        for (let row = 0; row < left.length; row += 1) left[row] -= share * each[row];
      });
    }
    const length = Math.sqrt(dot(left, left));
    factors[basis.length] = length;
    basis.push(length > 0 ? left.map((each) => each / length) : left);
    return factors;
  });
}

/**
 * Fit a law to runs.
 *
 * @param law the function of a generated module: an object of values in, a number out.
 * @param coefficients what is fitted: {symbol, positive, exponent}; `exponent` says where to start, no more.
 * @param constants values of the law that are not fitted, by symbol.
 * @param columns values of the variables, by symbol, an array each.
 * @param observed the output in every row.
 * @param options {objective: "squares" or "huber", delta, on: "log" or "raw"}. With r the residual, log f - log y or
 *   f - y, squares is the sum of r^2; Huber the sum of r^2/2 where |r| <= delta and delta*(|r| - delta/2) beyond.
 * @param given further starts, such as published values: objects by symbol.
 * @param progress called with the starts that are done and their number.
 * @returns values by symbol, objective, fitted and residuals by row, r2, logRmse, what the starts found, and how well
 *   the runs tell the coefficients apart.
 * @throws {NotFittable} where the law has no finite value for any start, or there are fewer rows than coefficients.
 */
export function fit({ law, coefficients, constants = {}, columns, observed, options, given = [], progress = () => {} }) {
  const { objective, on } = options;
  const delta = objective === "huber" ? options.delta : Infinity;
  if (!(delta > 0)) throw new NotFittable("delta must be greater than zero");
  const rows = observed.length;
  if (rows < coefficients.length) {
    throw new NotFittable(`${rows} usable ${rows === 1 ? "row is" : "rows are"} fewer than the ${coefficients.length} coefficients`);
  }
  const problem = new Problem({ law, coefficients, constants, columns, observed, on });
  const ranges = problem.columns
    .map((column) => Array.from(column).filter((each) => each > 0))
    .filter((column) => column.length > 0)
    .map((column) => [column.reduce((one, other) => Math.min(one, other)), column.reduce((one, other) => Math.max(one, other))]);
  const rough = problem.thinned(ROUGH_ROWS);
  const whole = given.map((each) => coefficients.map(({ symbol }) => each[symbol]))
    .filter((values) => values.every((each, index) => (coefficients[index].positive ? each > 0 : Number.isFinite(each))));
  const starts = startsFor(rough, ranges, whole);
  if (starts.kept.length === 0) throw new NotFittable("the law has no finite value in every row for any start that was tried");
  coefficients.forEach((each, index) => {
    const size = median(starts.kept.map((values) => Math.abs(values[index])));
    if (!each.positive && size > 0) problem.scales[index] = rough.scales[index] = size;
  });
  const ends = [];
  starts.kept.forEach((values, number) => {
    const end = refined(rough, values, delta);
    if (end !== null) ends.push(end);
    progress(number + 1, starts.kept.length);
  });
  const byLoss = (one, other) => one.loss - other.loss;
  ends.sort(byLoss);
  // Along a flat valley the corners of Huber's loss stop a step early: those that are almost there go on by both ways.
  const almost = ends.filter((end) => end.loss <= ends[0].loss * 1.001);
  if (delta < Infinity && almost.some((end) => end.loss > ends[0].loss * (1 + 1e-9))) {
    for (const end of almost) Object.assign(end, persistent(rough, end, delta));
    ends.sort(byLoss);
  }
  const same = (end) => end.loss <= ends[0].loss * (1 + AGREE) + 1e-16 * rough.rows;
  const agree = ends.filter(same).length;
  let [best] = ends;
  if (rough !== problem) {
    const lowered = ends.slice(0, 3).map((end) => refined(problem, problem.valuesAt(end.point), delta)).filter((end) => end !== null);
    if (lowered.length === 0) throw new NotFittable("the law has no finite value in some rows at the best coefficients found");
    best = lowered.reduce((one, other) => (other.loss < one.loss ? other : one));
  }
  const values = problem.valuesAt(best.point);
  const fitted = problem.predict(values);
  const squares = (numbers) => numbers.reduce((sum, each) => sum + each * each, 0);
  const mean = observed.reduce((sum, each) => sum + each, 0) / rows;
  const logarithms = fitted.map((each, row) => Math.log(each / observed[row]));
  const about = squares(Array.from(observed, (each) => each - mean));
  return {
    values: Object.fromEntries(coefficients.map(({ symbol }, index) => [symbol, values[index]])),
    objective: objective === "huber" ? best.loss : 2 * best.loss,
    fitted: Array.from(fitted),
    residuals: Array.from(best.residuals),
    r2: about > 0 ? 1 - squares(fitted.map((each, row) => each - observed[row])) / about : NaN,
    logRmse: Math.sqrt(squares(logarithms) / rows),
    rows,
    starts: { tried: starts.tried, refined: ends.length, agree },
    linear: starts.linear.map((index) => coefficients[index].symbol),
    ...identified(problem, best.point),
  };
}
