// Starts a build from nothing, so that what a deleted source left behind is not shipped.
import { rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
