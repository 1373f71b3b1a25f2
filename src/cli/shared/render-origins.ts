import type { Settings } from '../../config/settings.js';
import type { Canvas } from '../../terminal/canvas.js';

type Origins = ReadonlyMap<string, { origin: string; source: string }>;

/** Every setting with its value and who gave it. */
export function renderOrigins(
  settings: Settings,
  origins: Origins,
  file: string | null,
  canvas: Canvas,
): string {
  const rows = [...origins].map(([key, { source }]) => [key, shown(valueAt(settings, key)), source] as const);
  const width = Math.max(...rows.map(([key]) => key.length));
  return [
    canvas.ink('bold', `Settings${file === null ? '' : ` (${file})`}`),
    ...rows.map(([key, value, source]) =>
      canvas.wrap(
        `${value} ${canvas.ink('dim', `(${source})`)}`,
        `  ${canvas.pad(key, width)}  `,
        ' '.repeat(width + 4),
      ),
    ),
  ].join('\n');
}

function valueAt(settings: Settings, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>((part, name) => (part as Record<string, unknown> | null)?.[name] ?? null, settings);
}

function shown(value: unknown): string {
  if (value === null) return 'none';
  return Array.isArray(value) ? value.join(', ') || 'none' : String(value);
}
