// Writes manifests/*.schema.json from the schemas in lib/manifest. Run after `npm run build`.
import { writeFileSync } from 'node:fs';
import manifest from '../dist/lib/manifest/index.js';

for (const [file, text] of Object.entries(manifest.jsonSchemas())) {
  writeFileSync(new URL(`../manifests/${file}`, import.meta.url), text);
}
