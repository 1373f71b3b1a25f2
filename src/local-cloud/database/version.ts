/** What the server calls itself. `MariaDB` in it, because its dialect is what the translator imitates. */
export const VERSION = '10.11.0-MariaDB-cachao-embedded';
