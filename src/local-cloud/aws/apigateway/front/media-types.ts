/** Whether a Content-Type, or the first type of an Accept header, is one of an API's binary media types. */
export function isBinary(header: string | undefined, binaryMediaTypes: string[]): boolean {
  if (binaryMediaTypes.includes('*/*')) return true;
  const type = header?.split(',')[0]?.split(';')[0]?.trim().toLowerCase();
  if (type === undefined || type === '') return false;
  const family = `${type.split('/')[0]}/*`;
  return binaryMediaTypes.some((binary) => binary.toLowerCase() === type || binary.toLowerCase() === family);
}
