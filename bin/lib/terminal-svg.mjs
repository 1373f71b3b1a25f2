const COLOURS = { 2: '#7d8a99', 31: '#ff6b6b', 32: '#4cc38a', 33: '#e8b339', 36: '#5cc8d6' };
const LEFT = 24;
const TOP = 60;
const LINE = 19;
const COLUMN = 8.5;

/**
 * A terminal's window as an SVG picture.
 * @param {string} command what was typed
 * @param {string} screen what it printed, with its SGR sequences
 * @param {string} label for those who do not see it
 * @returns {string}
 */
export function svgOf(command, screen, label) {
  const lines = ['', ...screen.replaceAll('\r', '').trimEnd().split('\n')];
  const width = Math.ceil(2 * LEFT + COLUMN * Math.max(...lines.map((line) => stripped(line).length)));
  const height = TOP + LINE * (lines.length + 1);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}">`,
    '<rect width="100%" height="100%" rx="10" fill="#11161d"/>',
    ...['#ff5f57', '#febc2e', '#28c840'].map(
      (fill, index) => `<circle cx="${24 + 20 * index}" cy="22" r="6" fill="${fill}"/>`,
    ),
    '<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" font-size="14" fill="#d6dde6" xml:space="preserve">',
    `<text x="${LEFT}" y="${TOP}"><tspan fill="${COLOURS[2]}">$</tspan> ${escaped(command)}</text>`,
    ...lines.flatMap((line, index) =>
      stripped(line) === ''
        ? []
        : [`<text x="${LEFT}" y="${TOP + LINE * (index + 1)}">${spans(line)}</text>`],
    ),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences of a terminal begin with one
const SGR = /\u001b\[([\d;]*)m/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences of a terminal begin with one
const OTHERS = /\u001b\[[\d;?]*[A-LN-Za-ln-z]/g;

const stripped = (line) => line.replace(OTHERS, '').replace(new RegExp(SGR, 'g'), '').trimEnd();

/** Each stretch of one colour or weight. */
function spans(line) {
  const [first = '', ...rest] = line.replace(OTHERS, '').split(SGR);
  let style = '';
  let text = escaped(first);
  for (let index = 0; index < rest.length; index += 2) {
    style = styled(style, rest[index]);
    const part = escaped(rest[index + 1] ?? '');
    if (part !== '') text += style === '' ? part : `<tspan ${style}>${part}</tspan>`;
  }
  return text;
}

function styled(before, codes) {
  let style = before;
  for (const code of codes.split(';')) {
    if (code === '1') style = 'font-weight="bold"';
    else if (COLOURS[code]) style = `fill="${COLOURS[code]}"`;
    else style = '';
  }
  return style;
}

function escaped(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
