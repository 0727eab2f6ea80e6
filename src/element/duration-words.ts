const unitsMs = { hour: 3_600_000, minute: 60_000, second: 1000 };

/**
 * A duration in words of the language: in hours from two on, else in minutes, and in seconds below one minute.
 *
 * @param toWords What makes words of the number and its unit. Default: all of them.
 */
export function toDurationWords<Words = string>(
  durationMs: number,
  language: string | undefined,
  unitDisplay: 'long' | 'short' = 'long',
  toWords: (format: Intl.NumberFormat, count: number) => Words = (format, count) =>
    format.format(count) as Words,
): Words {
  const unit = durationMs < unitsMs.minute ? 'second' : durationMs < 2 * unitsMs.hour ? 'minute' : 'hour';
  const format = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay });
  return toWords(format, Math.ceil(durationMs / unitsMs[unit]));
}
