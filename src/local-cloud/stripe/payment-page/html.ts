export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 30rem; padding: 2rem 1rem; }
h1 { font-size: 1.25rem; } .total { font-size: 1.75rem; font-weight: 600; }
table { border-collapse: collapse; width: 100%; } td, th { padding: .25rem 0; text-align: left; font-weight: normal; }
td:last-child, th:last-child { text-align: right; }
label, legend { display: block; font-weight: 600; margin-top: 1rem; }
fieldset { border: 1px solid #8888; border-radius: .5rem; margin: 1rem 0; padding: 0 1rem 1rem; }
input[type=radio] + label { display: inline; margin: 0 1rem 0 .25rem; }
input:not([type=radio]) { box-sizing: border-box; font: inherit; padding: .5rem; width: 100%; }
button { font: inherit; font-weight: 600; margin-top: 1.5rem; padding: .75rem; width: 100%; }
.hint { font-size: .875rem; margin: .25rem 0; } .error { color: light-dark(#b00020, #ff8a9a); margin: .25rem 0; }
.error-summary { border: 2px solid; border-radius: .5rem; padding: 0 1rem; }
`;

/** A page that needs no script. Titles and bodies are HTML already. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}
