/** One chart. */
export interface Panel {
  readonly title: string;
  readonly points: readonly PanelPoint[];
  /** Lines across, such as limits. */
  readonly lines: readonly { readonly at: number; readonly label: string; readonly limit: boolean }[];
}

/** A point of a chart. */
export interface PanelPoint {
  /** As the axis calls it. */
  readonly label: string;
  readonly value: number;
  /** Learned is of the baseline, alarm is beyond a limit. */
  readonly kind: 'learned' | 'judged' | 'alarm';
}

const WIDTH = 960;
const PANEL = { height: 190, left: 72, right: 112, top: 34, bottom: 28 };
const HEADER = 44;
const MOST_PANELS = 60;

/** Colours that people who see few can tell apart, beside the shapes. */
const INK = {
  text: '#1f2933',
  grid: '#cbd2d9',
  learned: '#7b8794',
  judged: '#0b69a3',
  limit: '#b44d12',
  alarm: '#ab091e',
};

/**
 * Draws charts below each other as one SVG: no script, no reference to anything outside, and the same bytes for the same points.
 * Learned points are hollow, judged ones are full, and alarms are large diamonds.
 */
export function controlChart(title: string, panels: readonly Panel[]): string {
  const shown = panels.slice(0, MOST_PANELS);
  const height = HEADER + shown.length * PANEL.height;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="sans-serif" font-size="11" fill="${INK.text}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="${PANEL.left}" y="26" font-size="16" font-weight="bold">${escaped(title)}</text>`,
    ...shown.flatMap((panel, index) => draw(panel, HEADER + index * PANEL.height)),
    '</svg>',
    '',
  ].join('\n');
}

function draw({ title, points, lines }: Panel, offset: number): string[] {
  const [top, bottom] = [offset + PANEL.top, offset + PANEL.height - PANEL.bottom];
  const right = WIDTH - PANEL.right;
  const [low, high] = range([...points.map(({ value }) => value), ...lines.map(({ at }) => at)]);
  const x = (index: number) => round(PANEL.left + ((index + 0.5) * (right - PANEL.left)) / Math.max(1, points.length));
  const y = (value: number) => round(bottom - ((value - low) / (high - low)) * (bottom - top));
  const path = points.map(({ value }, index) => `${index === 0 ? 'M' : 'L'}${x(index)} ${y(value)}`).join('');
  return [
    `<text x="${PANEL.left}" y="${top - 10}" font-weight="bold">${escaped(title)}</text>`,
    `<path d="M${PANEL.left} ${top}V${bottom}H${right}" fill="none" stroke="${INK.grid}"/>`,
    ...spread(lines, y).flatMap(({ at, label, limit, textY }) => {
      const colour = limit ? INK.limit : INK.learned;
      return [
        `<path d="M${PANEL.left} ${y(at)}H${right}" stroke="${colour}"${limit ? ' stroke-dasharray="6 3"' : ''}/>`,
        `<text x="${right + 6}" y="${round(textY + 4)}" fill="${colour}">${escaped(label)}</text>`,
      ];
    }),
    ...[low, high].map(
      (value) => `<text x="${PANEL.left - 6}" y="${round(y(value) + 4)}" text-anchor="end">${short(value)}</text>`,
    ),
    ...(path ? [`<path d="${path}" fill="none" stroke="${INK.judged}" stroke-width="1" opacity="0.45"/>`] : []),
    ...points.map(({ value, kind, label }, index) => marker(kind, x(index), y(value), `${label}: ${short(value)}`)),
    ...axis(points, x, bottom),
  ];
}

function marker(kind: PanelPoint['kind'], x: number, y: number, tip: string): string {
  const title = `<title>${escaped(tip)}</title>`;
  if (kind === 'alarm') {
    return `<path d="M${x} ${round(y - 7)}L${round(x + 7)} ${y}L${x} ${round(y + 7)}L${round(x - 7)} ${y}Z" fill="${INK.alarm}">${title}</path>`;
  }
  const fill = kind === 'learned' ? `fill="#ffffff" stroke="${INK.learned}"` : `fill="${INK.judged}"`;
  return `<circle cx="${x}" cy="${y}" r="2.5" ${fill}>${title}</circle>`;
}

/** First, middle and last label. */
function axis(points: readonly PanelPoint[], x: (index: number) => number, bottom: number): string[] {
  const last = points.length - 1;
  const shown = [...new Set(last < 0 ? [] : [0, Math.round(last / 2), last])];
  return shown.map(
    (index) =>
      `<text x="${x(index)}" y="${bottom + 16}" text-anchor="${index === 0 && last > 0 ? 'start' : index === last && last > 0 ? 'end' : 'middle'}">${escaped(points[index].label)}</text>`,
  );
}

/** Labels of lines that lie close, apart from each other. */
function spread(lines: Panel['lines'], y: (value: number) => number): (Panel['lines'][number] & { textY: number })[] {
  const placed: (Panel['lines'][number] & { textY: number })[] = [];
  for (const line of [...lines].sort((one, other) => other.at - one.at)) {
    const above = placed.at(-1)?.textY ?? Number.NEGATIVE_INFINITY;
    placed.push({ ...line, textY: Math.max(y(line.at), above + 13) });
  }
  return placed;
}

function range(values: readonly number[]): [low: number, high: number] {
  const finite = values.filter(Number.isFinite);
  const [low, high] = finite.length > 0 ? [Math.min(...finite), Math.max(...finite)] : [0, 1];
  const margin = high > low ? 0.08 * (high - low) : Math.max(1, Math.abs(high)) * 0.1;
  return [low - margin, high + margin];
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character]).replace(/[^\P{C}]/gu, ' ');
}
