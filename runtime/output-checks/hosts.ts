import { fault } from './fault';

/** Hosts to which links may lead. */
export class AllowedHosts {
  private readonly hosts = new Set<string>();
  /** With the dot before them. */
  private readonly parents: string[] = [];

  /** Throws PALISADE-W164 at an entry that is no host. */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const below = entry.startsWith('*.');
      const host = hostOf(below ? entry.slice(2) : entry, entry);
      if (below) {
        this.parents.push(`.${host}`);
      } else {
        this.hosts.add(host);
      }
    }
  }

  /** `host` as the URL class gives it: in ASCII, with a port that is not the scheme's own. */
  has(host: string): boolean {
    const plain = host.replace(/\.(?=$|:)/, '');
    return this.hosts.has(plain) || this.parents.some((parent) => plain.endsWith(parent));
  }
}

function hostOf(name: string, entry: string): string {
  if (/^[^\s/\\?#@*]+$/.test(name) && URL.canParse(`https://${name}/`)) {
    return new URL(`https://${name}/`).host;
  }
  throw fault(
    'W164',
    `settings.allowedLinks: ${entry}`,
    'is no host',
    'name a host (docs.example.com), all below one (*.example.com) or one with its port (docs.example.com:8443)',
  );
}
