/**
 * Collects what a client sent in `X-Plex-*` headers, the query and the body, under lower-case names.
 *
 * plex.tv takes each value from any of the three. Here a header wins over the query, and the query over the body. A body
 * that cannot be read counts as empty.
 */
export async function readParameters(request: Request): Promise<ReadonlyMap<string, string>> {
  const parameters = new Map<string, string>();
  const add = (name: string, value: unknown) => {
    if (['string', 'number', 'boolean'].includes(typeof value))
      parameters.set(name.toLowerCase(), String(value));
  };
  if (request.body) for (const [name, value] of await readBody(request)) add(name, value);
  for (const [name, value] of new URL(request.url).searchParams) add(name, value);
  for (const [name, value] of request.headers) if (/^x-plex-/i.test(name)) add(name, value);
  return parameters;
}

async function readBody(request: Request): Promise<Iterable<[string, unknown]>> {
  const type = request.headers.get('Content-Type') ?? '';
  try {
    if (/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type))
      return await request.formData();
    return /^application\/json\b/i.test(type) ? Object.entries(Object(await request.json())) : [];
  } catch {
    return [];
  }
}
