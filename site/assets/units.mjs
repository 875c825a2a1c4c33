// Converts between units by the catalog's own table of factors (assets/units.json), as the command does.

const FORMS = { x: (x) => x, "1 - x": (x) => 1 - x, "1 + x": (x) => 1 + x, "1 + 1/x": (x) => 1 + 1 / x };
const OPERATIONS = {
  times: [(value, amount) => value * amount, (value, amount) => value / amount],
  over: [(value, amount) => value / amount, (value, amount) => value * amount],
  plus: [(value, amount) => value + amount, (value, amount) => value - amount],
  exp: [(value) => Math.exp(value), (value) => Math.log(value)],
  complement: [(value) => 1 - value, (value) => 1 - value],
  square: [(value) => value * value, (value) => Math.sqrt(value)],
};

/** Thrown where no conversion leads from one unit to the other; `missing` names assumptions that would help. */
export class NotConvertible extends Error {
  constructor(reason, missing = []) {
    super(reason);
    this.missing = missing;
  }
}

/** A unit in words. */
export function unitText({ quantity, scale, convention }) {
  const times = scale === 1 ? "" : `${scale.toExponential().replace("e+", "e")} `;
  return `${times}${quantity}${convention ? ` (${convention})` : ""}`;
}

function path(start, goal, factors, known) {
  const reached = new Map([[start, []]]);
  const queue = [start];
  while (queue.length > 0) {
    const place = queue.shift();
    if (place === goal) return reached.get(place);
    for (const factor of factors) {
      if (known !== null && factor.when && known[factor.when[0]] !== factor.when[1]) continue;
      for (const [here, there, forward] of [[factor.source, factor.target, true], [factor.target, factor.source, false]]) {
        if (here === place && !reached.has(there)) {
          reached.set(there, [...reached.get(place), { factor, forward }]);
          queue.push(there);
        }
      }
    }
  }
  return null;
}

/** Whether factors lead from one quantity to the other, whatever they assume. */
export function related(one, other, { factors }) {
  return path(one, other, factors.filter((factor) => factor.among.length === 0), null) !== null;
}

function needs(factor) {
  return [factor.when?.[0], factor.assumption].filter(Boolean);
}

/** A value in another unit, with a sentence for each factor used. */
export function convert(value, source, target, known, table) {
  const quantities = table.factors.filter((factor) => factor.among.length === 0);
  const conventions = table.factors.filter((factor) => factor.among.includes(target.quantity));
  const first = path(source.quantity, target.quantity, quantities, known);
  const gulf = `${unitText(source)} cannot be converted into ${unitText(target)}`;
  if (first === null) throw new NotConvertible(gulf);
  const devices = new Set(first.map(({ factor }) => factor.source));
  if (devices.has("GPU-hour") && devices.has("TPU-core-day")) throw new NotConvertible(gulf);
  const second =
    path(source.convention, target.convention, conventions, known) ??
    path(source.convention, target.convention, conventions, null);
  if (second === null) throw new NotConvertible(gulf);
  const route = [...first, ...second];
  const missing = [...new Set(route.flatMap(({ factor }) => needs(factor)).filter((name) => !(name in known)))];
  if (missing.length > 0) throw new NotConvertible(`${gulf}: assume ${missing.join(" and ")}`, missing);
  let result = source.scale !== target.scale || route.length > 0 ? value * source.scale : value;
  const steps = [];
  for (const { factor, forward } of route) {
    const x = factor.assumption ? known[factor.assumption] : 1;
    const amount = factor.number * (factor.assumption ? FORMS[factor.form](x) : 1);
    const before = result;
    result = OPERATIONS[factor.operation][forward ? 0 : 1](result, amount);
    const sentence = factor.text.replaceAll("{x:g}", String(x));
    if (!Number.isFinite(result) || (factor.operation === "plus" && before > 0 && result <= 0)) {
      throw new NotConvertible(`${gulf}: ${sentence}`);
    }
    steps.push(sentence);
  }
  if (source.scale !== target.scale || route.length > 0) result /= target.scale;
  return { value: result, steps };
}

/** Whether two units of related quantities count by the same convention, or by two that mean the same. */
export function countAlike(one, other, table) {
  const quantity = ["PF-day", "TPU-core-day", "GPU-hour"].includes(one.quantity) ? "FLOP" : one.quantity;
  const counted = (unit) => ({ quantity, scale: 1, convention: unit.convention });
  try {
    return convert(1, counted(one), counted(other), {}, table).value === 1;
  } catch {
    return false;
  }
}
