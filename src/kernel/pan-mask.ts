/** First six and last four digits: the most that a log or a screen may show (PCI DSS 3.4.1). */
export function maskPan(pan: string): string {
  if (pan.length < 11) return "*".repeat(pan.length);
  return `${pan.slice(0, 6)}${"*".repeat(pan.length - 10)}${pan.slice(-4)}`;
}
