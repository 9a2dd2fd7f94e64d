const MILLISECONDS_PER_DAY = 86_400_000;

/** Whole days from one ISO date to another; negative when `to` is earlier. Both are taken at midnight UTC. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / MILLISECONDS_PER_DAY;
}
