// Numbers as people write and read them; the same words as the command's: 70e9, 70B, 1.4T.

const SUFFIXES = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 };
const NUMBER = /^([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)([KMBT]?)$/;
const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** The number that a text writes, or NaN. */
export function parseNumber(text) {
  const match = NUMBER.exec(String(text).trim());
  return match === null ? NaN : Number(match[1]) * (SUFFIXES[match[2]] ?? 1);
}

/** A number for reading: at most `digits` of them, powers of ten for the very large and small. */
export function readable(value, digits = 6) {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e6) return String(Number(value.toPrecision(digits))).replace("-", "−");
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const head = String(Number(mantissa)).replace("-", "−");
  return `${head === "1" ? "" : `${head} × `}${power(Number(exponent))}`;
}

/** A power of ten with its exponent raised. */
export function power(exponent) {
  return `10${[...String(exponent)].map((each) => SUPERSCRIPTS[each]).join("")}`;
}

/** A number as one types it, exact: 7e10, 0.35. */
export function typed(value) {
  const plain = String(value);
  const short = value.toExponential().replace("e+", "e");
  return Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-3) ? short : plain;
}
